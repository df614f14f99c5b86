from __future__ import annotations

import pytest
from django.core.management import CommandError, call_command
from django.test import Client

from accounts.models import User
from gallery.models import Artwork
from gallery.seeding import seed_gallery

pytestmark = pytest.mark.django_db


def seeded_titles(works: int) -> list[tuple[str, str]]:
    return [(str(key), title) for key, title in Artwork.objects.order_by("pk").values_list("pk", "title")][:works]


def test_seeded_works_are_browsed_like_any_others(client: Client) -> None:
    call_command("seed_gallery", works=30, verbosity=0)

    assert Artwork.objects.count() == 30
    work = Artwork.objects.on_show_to(None).first()  # type: ignore[attr-defined]
    assert client.get("/").content.decode().count('<li class="work"') == 24
    assert client.get(work.get_absolute_url()).status_code == 200
    assert client.get(work.painting.widest.url).status_code == 200
    assert work.title in client.get("/", {"q": work.title}).content.decode()


def test_the_same_seed_makes_the_same_works() -> None:
    seed_gallery(10, seed=3)
    first = seeded_titles(10)
    Artwork.objects.all().delete()
    User.objects.all().delete()

    seed_gallery(10, seed=3)

    assert seeded_titles(10) == first


def test_a_site_that_people_use_is_not_filled_unless_that_is_insisted_on(ada: User) -> None:
    with pytest.raises(CommandError, match="People use this site"):
        call_command("seed_gallery", works=5, verbosity=0)

    call_command("seed_gallery", works=5, force=True, verbosity=0)
    assert Artwork.objects.count() == 5


def test_a_seed_is_sown_once() -> None:
    call_command("seed_gallery", works=5, verbosity=0)

    with pytest.raises(CommandError, match="already"):
        call_command("seed_gallery", works=5, verbosity=0)


def test_a_seeded_work_taken_back_leaves_the_others_their_pictures(client: Client) -> None:
    seed_gallery(60, seed=1)
    gone, *others = Artwork.objects.filter(painting=Artwork.objects.all()[0].painting)

    gone.delete()

    assert client.get(others[0].painting.widest.url).status_code == 200
