"""The works that a new site's gallery begins with."""

from __future__ import annotations

import pytest
from django.core.management import call_command
from django.test import Client
from PIL import Image

from accounts.models import User
from gallery.house import hang_house_works, is_wanted
from gallery.house_works import HOUSE_WORKS, IMAGES, SIZE
from gallery.models import Artwork
from gallery.seeding import real_people_exist
from tests.factories import make_job
from transfer.durations import pace
from transfer.sample_photos import SAMPLE_PHOTOS
from transfer.starter_styles import STARTER_STYLES

pytestmark = pytest.mark.django_db


def test_each_work_is_there_and_small() -> None:
    sizes = [work.path.stat().st_size for work in HOUSE_WORKS]

    assert sizes
    assert {path.name for path in IMAGES.iterdir()} == {work.path.name for work in HOUSE_WORKS}
    assert max(sizes) <= 60_000
    assert sum(sizes) <= 400_000
    for work in HOUSE_WORKS:
        with Image.open(work.path) as picture:
            assert max(picture.size) == SIZE


def test_each_work_is_of_a_sample_photo_in_a_starter_style() -> None:
    assert {work.photo for work in HOUSE_WORKS} <= {sample.slug for sample in SAMPLE_PHOTOS}
    assert {work.style for work in HOUSE_WORKS} <= {style.slug for style in STARTER_STYLES}


def test_a_new_sites_gallery_is_not_empty(client: Client) -> None:
    call_command("hang_house_works", verbosity=0)

    page = client.get("/").content.decode()
    assert page.count('<li class="work"') == len(HOUSE_WORKS)
    assert page.index(HOUSE_WORKS[0].title) <= page.index(HOUSE_WORKS[-1].title)


def test_a_site_learns_nothing_about_its_pace_from_works_that_it_did_not_paint() -> None:
    guess = pace()

    hang_house_works()

    assert pace() == guess


def test_a_work_of_the_house_shows_its_photo_and_gives_its_style_and_settings(client: Client) -> None:
    work = hang_house_works()[-1]

    page = client.get(work.get_absolute_url()).content.decode()
    assert 'class="compare"' in page
    assert f"/studio/?style={work.style_id}" in page
    assert "seed=11" in page
    assert client.get(work.painting.widest.url).status_code == 200


def test_they_are_hung_once_and_what_was_removed_stays_removed(client: Client) -> None:
    call_command("hang_house_works", verbosity=0)
    Artwork.objects.all()[0].delete()

    call_command("hang_house_works", verbosity=0)

    assert Artwork.objects.count() == len(HOUSE_WORKS) - 1


def test_where_somebody_has_painted_nothing_is_hung(ada: User) -> None:
    make_job(ada)

    assert not is_wanted()


def test_nobody_can_sign_in_as_the_house(client: Client) -> None:
    hang_house_works()
    house = User.objects.get(username="stylesite")

    assert not house.has_usable_password()
    response = client.post("/accounts/login/", {"login": "stylesite", "password": "!"})
    assert response.status_code == 200


def test_the_house_is_nobody_who_uses_the_site() -> None:
    hang_house_works()

    assert not real_people_exist()
