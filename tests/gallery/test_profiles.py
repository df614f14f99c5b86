"""What people show of themselves."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import Group
from django.core import mail
from django.core.files.storage import storages
from django.test import Client
from PIL import Image

from accounts.models import User
from gallery import services
from gallery.models import Act, Profile
from gallery.roles import MODERATORS
from tests.factories import encode, make_artwork, make_file, make_image, make_user
from tests.programs import API, assert_problem, program_of

PAGE = "/profile/"
PROFILES = "/admin/gallery/profile/"

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def ada(transactional_db: None) -> User:
    return make_user("ada")


@pytest.fixture
def as_mona(transactional_db: None) -> Client:
    mona = make_user("mona", is_staff=True)
    mona.groups.add(Group.objects.get(name=MODERATORS))
    client = Client()
    client.force_login(mona)
    return client


def save(client: Client, **said: Any) -> Any:
    return client.post(PAGE, {"name": "", "about": "", **said})


def is_stored(address: str) -> bool:
    return Path(storages["public"].location, address.removeprefix("/media/")).exists()


def avatar_of(person: User) -> str:
    """Its address."""
    return str(Profile.objects.get(person=person).avatar.url)


def test_name_and_words_are_seen_on_the_wall_and_beside_the_works(ada: User, as_ada: Client, client: Client) -> None:
    work = make_artwork(ada)

    assert save(as_ada, name="Ada  Lovelace", about="I paint <engines>.").status_code == 302

    wall = client.get("/artists/ada/").content.decode()
    assert "<h1>Ada Lovelace</h1>" in wall
    assert "I paint &lt;engines&gt;." in wall
    assert "Ada Lovelace" in client.get(work.get_absolute_url()).content.decode()


def test_works_are_found_by_the_name_shown_now_and_by_the_user_name(ada: User, as_ada: Client, client: Client) -> None:
    make_artwork(ada, "Harbour", tags=["fog"])

    save(as_ada, name="Countess Lovelace")
    save(as_ada, name="Lady King")

    for words, is_found in {"lady king": True, "lovelace": False, "ada": True, "fog": True}.items():
        assert ("Harbour" in client.get("/", {"q": words}).content.decode()) == is_found


def test_works_are_found_by_a_name_given_by_staff(ada: User, admin_client: Client, client: Client) -> None:
    make_artwork(ada, "Harbour")
    page = f"/admin/accounts/user/{ada.pk}/change/"
    shown = admin_client.get(page).context["adminform"].form.initial
    fields = {name: value for name, value in shown.items() if value is not None}
    joined = {"date_joined_0": "2026-01-01", "date_joined_1": "12:00"}
    no_quota = {"quota-TOTAL_FORMS": "0", "quota-INITIAL_FORMS": "0"}

    saved = admin_client.post(page, {**fields, **joined, **no_quota, "name": "Augusta"})

    assert saved.status_code == 302
    assert "Harbour" in client.get("/", {"q": "augusta"}).content.decode()


def test_a_picture_becomes_a_small_square_without_what_was_hidden_in_it(ada: User, as_ada: Client) -> None:
    photo = encode(make_image(640, 400), exif=Image.Exif())

    save(as_ada, avatar=make_file(photo))

    shown = as_ada.get(avatar_of(ada))
    with Image.open(io.BytesIO(shown.content)) as picture:
        assert (picture.format, picture.size) == ("WEBP", (256, 256))
        assert not picture.getexif()
    assert avatar_of(ada) in as_ada.get("/artists/ada/").content.decode()
    assert avatar_of(ada) in as_ada.get("/about/").content.decode()


def test_without_a_picture_the_initials_stand_for_somebody(ada: User, client: Client) -> None:
    services.edit_profile(person=ada, name="Ada Lovelace", about="")

    assert 'data-initials="AL"' in client.get("/artists/ada/").content.decode()


@pytest.mark.parametrize(("name", "initials"), [("ada", "A"), ("Ada King Lovelace", "AK"), ("王小明", "王")])
def test_initials_are_those_of_the_first_words(name: str, initials: str) -> None:
    assert User(username="x", name=name).initials == initials


def test_a_new_picture_takes_the_place_of_the_old_one(ada: User, as_ada: Client) -> None:
    save(as_ada, avatar=make_file())
    before = avatar_of(ada)

    save(as_ada, avatar=make_file(encode(make_image(seed=5))))

    assert as_ada.get(before).status_code == 404
    assert as_ada.get(avatar_of(ada)).status_code == 200
    assert (is_stored(before), is_stored(avatar_of(ada))) == (False, True)


def test_saving_the_words_keeps_the_picture_until_it_is_taken_away(ada: User, as_ada: Client) -> None:
    save(as_ada, avatar=make_file())
    address = avatar_of(ada)
    save(as_ada, about="Hello.")
    assert as_ada.get(address).status_code == 200

    save(as_ada, remove_avatar="on")

    assert as_ada.get(address).status_code == 404
    assert not is_stored(address)


@pytest.mark.parametrize("wrong", [{"name": "x" * 61}, {"about": "x" * 501}, {"name": "Moderator"}])
def test_what_is_too_long_or_the_sites_own_is_not_taken(ada: User, as_ada: Client, wrong: dict[str, str]) -> None:
    assert save(as_ada, **wrong).status_code == 422
    assert not Profile.objects.exists()


def test_a_file_that_is_no_picture_is_explained(as_ada: Client) -> None:
    response = save(as_ada, avatar=make_file(b"words"))

    assert response.status_code == 422
    assert "This is not a picture we can read" in response.content.decode()
    assert not Profile.objects.exists()


def test_signs_that_turn_the_line_around_are_left_out(ada: User, as_ada: Client) -> None:
    save(as_ada, name="Ada\u202e\u200b Lovelace")

    ada.refresh_from_db()
    assert ada.name == "Ada Lovelace"


def test_a_moderator_clears_a_profile_and_tells_why(ada: User, as_ada: Client, as_mona: Client) -> None:
    save(as_ada, name="The Boss", about="Buy here.", avatar=make_file())
    profile = Profile.objects.get()
    address = avatar_of(ada)
    choice = {"action": "clear", "_selected_action": [profile.pk], "reason": "No advertising."}

    assert as_mona.post(PROFILES, choice).status_code == 302

    ada.refresh_from_db()
    profile.refresh_from_db()
    assert (ada.name, profile.about, profile.avatar.name) == ("", "", "")
    assert not is_stored(address)
    assert mail.outbox[-1].subject == "About your profile"
    assert "No advertising." in mail.outbox[-1].body
    assert "No advertising." in as_ada.get("/notices/").content.decode()


def test_clearing_a_profile_is_undone_but_for_the_picture(ada: User, as_mona: Client) -> None:
    services.edit_profile(person=ada, name="The Boss", about="Bus here.")
    services.clear_profile(person=ada, moderator=make_user("mo"), reason="")

    as_mona.post("/admin/gallery/act/", {"action": "undo", "_selected_action": [Act.objects.get().pk]})

    ada.refresh_from_db()
    assert (ada.name, ada.profile.about) == ("The Boss", "Bus here.")
    assert "back as they were" in mail.outbox[-1].body


def test_a_program_reads_and_changes_a_profile(ada: User) -> None:
    program = program_of(ada)
    said = {"name": "Ada Lovelace", "about": "Hello."}

    changed = program.put(f"{API}/profile/", said, content_type="application/json").json()

    assert (changed["name"], changed["about"], changed["avatar_url"]) == ("Ada Lovelace", "Hello.", None)
    assert changed["page_url"].endswith("/artists/ada/")
    assert program.get(f"{API}/profile/").json() == changed
    assert program.get(f"{API}/me/").json()["display_name"] == "Ada Lovelace"


def test_a_program_shows_and_removes_a_picture(ada: User) -> None:
    program = program_of(ada)

    shown = put_picture(program, encode(make_image()))

    assert program.get(shown.json()["avatar_url"]).status_code == 200
    assert program.delete(f"{API}/profile/picture/").status_code == 204
    assert program.get(f"{API}/profile/").json()["avatar_url"] is None
    assert_problem(put_picture(program, b"words"), 400, "invalid")


def put_picture(program: Client, content: bytes) -> Any:
    body = b"\r\n".join(
        [
            b"--edge",
            b'Content-Disposition: form-data; name="image"; filename="me.jpg"',
            b"Content-Type: image/jpeg",
            b"",
            content,
            b"--edge--",
            b"",
        ]
    )
    return program.put(f"{API}/profile/picture/", body, content_type="multipart/form-data; boundary=edge")
