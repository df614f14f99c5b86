"""Who may open, find and change what: every route of the gallery, for everyone, in every state of a work."""

from __future__ import annotations

from dataclasses import dataclass

import pytest
from django.test import Client

from accounts.models import User
from gallery.models import Artwork, Collection, Visibility
from gallery.services import unpublish
from tests.factories import make_artwork, make_user

STATES = ["public", "unlisted", "taken back"]
VIEWERS = ["anonymous", "owner", "other", "staff"]
SIGN_IN = 302


@dataclass
class Hanging:
    work: Artwork
    picture: str
    state: str


@pytest.fixture(params=STATES)
def hanging(request: pytest.FixtureRequest, ada: User) -> Hanging:
    visibility = Visibility.UNLISTED if request.param == "unlisted" else Visibility.PUBLIC
    work = make_artwork(ada, "Harbour", visibility=visibility, tags=["sea"])
    key, picture = work.pk, work.painting.widest.url
    if request.param == "taken back":
        unpublish(artwork=work)
        work.pk = key
    return Hanging(work, picture, request.param)


@pytest.fixture(params=VIEWERS)
def viewer(request: pytest.FixtureRequest, ada: User) -> tuple[str, Client]:
    client = Client()
    people = {"owner": lambda: ada, "other": lambda: make_user("bob"), "staff": lambda: make_user("eve", is_staff=True)}
    if request.param in people:
        client.force_login(people[request.param]())
    return request.param, client


def is_there(hanging: Hanging) -> bool:
    return hanging.state != "taken back"


def test_a_works_page_is_for_whoever_has_its_address(hanging: Hanging, viewer: tuple[str, Client]) -> None:
    response = viewer[1].get(f"/works/{hanging.work.pk}/")

    assert response.status_code == (200 if is_there(hanging) else 404)


def test_a_works_picture_is_for_whoever_has_its_address(hanging: Hanging, viewer: tuple[str, Client]) -> None:
    assert viewer[1].get(hanging.picture).status_code == (200 if is_there(hanging) else 404)


@pytest.mark.parametrize(
    "address",
    ["/", "/?sort=trending", "/?sort=liked", "/?q=harbour", "/?tag=sea", "/?artist=ada", "/feeds/works/",
     "/feeds/tags/sea/", "/artists/ada/feed/", "/sitemap-works.xml"],
)  # fmt: skip
def test_only_public_works_are_found(hanging: Hanging, viewer: tuple[str, Client], address: str) -> None:
    found = f"/works/{hanging.work.pk}/" in viewer[1].get(address).content.decode()

    assert found == (hanging.state == "public")


def test_an_artists_wall_shows_unlisted_works_to_the_artist_alone(hanging: Hanging, viewer: tuple[str, Client]) -> None:
    who, client = viewer

    found = f"/works/{hanging.work.pk}/" in client.get("/artists/ada/").content.decode()

    assert found == (hanging.state == "public" or (hanging.state == "unlisted" and who == "owner"))


@pytest.mark.parametrize("act", ["edit", "unpublish"])
def test_only_the_artist_changes_a_work(hanging: Hanging, viewer: tuple[str, Client], act: str) -> None:
    who, client = viewer

    status = client.post(f"/works/{hanging.work.pk}/{act}/", {"title": "Other", "visibility": "public"}).status_code

    if who == "anonymous":
        assert status == SIGN_IN
    else:
        assert status == (302 if who == "owner" and is_there(hanging) else 404)
    untouched = Artwork.objects.filter(pk=hanging.work.pk, title="Harbour").exists()
    assert untouched == (is_there(hanging) and who != "owner")


@pytest.mark.parametrize("act", ["like", "unlike", "collect"])
def test_whoever_is_signed_in_likes_and_collects_what_they_see(
    hanging: Hanging, viewer: tuple[str, Client], act: str
) -> None:
    who, client = viewer

    response = client.post(f"/works/{hanging.work.pk}/{act}/", {"name": "Blue"})

    assert response.status_code == (302 if is_there(hanging) else 404)
    if is_there(hanging):
        assert response.headers["Location"].startswith("/accounts/login/") == (who == "anonymous")
    acted = is_there(hanging) and who != "anonymous"
    assert Collection.objects.exists() == (acted and act == "collect")
    liked = Artwork.objects.filter(pk=hanging.work.pk, like_count=1).exists()
    assert liked == (acted and act == "like")


@pytest.mark.parametrize("is_public", [True, False])
def test_a_collection_is_its_owners_unless_it_is_public(viewer: tuple[str, Client], ada: User, is_public: bool) -> None:
    who, client = viewer
    collection = Collection.objects.create(owner=ada, name="Blue", is_public=is_public)

    assert client.get(f"/collections/{collection.pk}/").status_code == (200 if is_public or who == "owner" else 404)
    changed = client.post(f"/collections/{collection.pk}/edit/", {"name": "Red"}).status_code
    deleted = client.post(f"/collections/{collection.pk}/delete/").status_code
    expected = {"anonymous": SIGN_IN, "owner": 302}.get(who, 404)
    assert (changed, deleted) == (expected, expected)
    assert Collection.objects.exists() == (who != "owner")


def test_an_unlisted_work_in_a_public_collection_is_found_by_the_collections_owner_alone(
    client: Client, as_ada: Client, as_bob: Client, ada: User
) -> None:
    work = make_artwork(ada, "Secret", visibility=Visibility.UNLISTED)
    as_ada.post(f"/works/{work.pk}/collect/", {"name": "Mine", "is_public": "on"})
    address = Collection.objects.get().get_absolute_url()

    assert "Secret" in as_ada.get(address).content.decode()
    assert "Secret" not in as_bob.get(address).content.decode()
    assert "Secret" not in client.get(address).content.decode()


def test_search_engines_are_asked_to_leave_unlisted_works_alone(client: Client, ada: User) -> None:
    response = client.get(make_artwork(ada, visibility=Visibility.UNLISTED).get_absolute_url())

    assert response.headers["X-Robots-Tag"] == "noindex"
    assert '<meta name="robots" content="noindex">' in response.content.decode()


def test_the_following_feed_needs_a_person(client: Client, db: None) -> None:
    assert client.get("/following/").status_code == SIGN_IN
    assert client.get("/collections/").status_code == SIGN_IN


def test_a_work_made_private_is_gone_and_the_job_stays(as_ada: Client, client: Client, ada: User) -> None:
    work = make_artwork(ada)
    address = work.painting.widest.url

    response = as_ada.post(f"/works/{work.pk}/edit/", {"title": "Harbour", "visibility": "private"})

    assert response.headers["Location"] == work.job.get_absolute_url()
    assert client.get(work.get_absolute_url()).status_code == 404
    assert client.get(address).status_code == 404
    assert as_ada.get(work.job.get_absolute_url()).status_code == 200


def test_a_work_is_published_unlisted_and_made_public_later(as_ada: Client, client: Client, ada: User) -> None:
    work = make_artwork(ada, "Quiet", visibility=Visibility.UNLISTED)
    assert "Quiet" not in client.get("/").content.decode()

    as_ada.post(
        f"/works/{work.pk}/edit/",
        {"title": "Loud", "description": "Foghorns", "tags": "Sea, 港口，sea", "visibility": "public"},
    )

    assert "Loud" in client.get("/").content.decode()
    page = client.get(work.get_absolute_url()).content.decode()
    assert "Foghorns" in page
    assert sorted(tag.name for tag in work.tags.all()) == ["sea", "港口"]


@pytest.mark.parametrize("tags", [",".join(str(number) for number in range(11)), "x" * 31])
def test_too_many_or_too_long_tags_are_explained_at_the_form(as_ada: Client, ada: User, tags: str) -> None:
    work = make_artwork(ada)

    response = as_ada.post(f"/works/{work.pk}/edit/", {"title": "Other", "visibility": "public", "tags": tags})

    assert response.status_code == 422
    assert "t most" in response.content.decode()
    assert Artwork.objects.get().title == "Harbour at dusk"
