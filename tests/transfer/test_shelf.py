"""What the studio has at hand: sample photos, favourites, and what an address fills in."""

from __future__ import annotations

import re
import uuid

import pytest
from django.test import Client

from accounts.models import User
from tests.factories import make_job, make_photo, make_style
from transfer import addresses
from transfer.models import Favourite, Job, Photo
from transfer.sample_photos import SAMPLE_PHOTOS
from transfer.sliders import brush_at, position_of_brush, position_of_strength, strength_at
from transfer.uploads import decode_upload

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("sample", SAMPLE_PHOTOS, ids=lambda sample: sample.slug)
def test_a_sample_photo_is_a_small_picture_of_the_size_it_says(sample: object) -> None:
    path = sample.path  # type: ignore[attr-defined]
    with path.open("rb") as file:
        assert decode_upload(file).size == sample.size  # type: ignore[attr-defined]
    assert path.stat().st_size < 200_000


def test_painting_a_sample_photo_twice_makes_one_copy_of_it(as_ada: Client, ada: User) -> None:
    style = make_style()

    for _ in range(2):
        as_ada.post(
            "/studio/",
            {"submission": uuid.uuid4(), "photo": "cat", "style": style.pk, "preset": "draft", "size": "256"},
        )

    photo = Photo.objects.get()
    assert (photo.owner, photo.sample) == (ada, "cat")
    assert set(Job.objects.values_list("photo", flat=True)) == {photo.pk}
    page = as_ada.get("/studio/").content.decode()
    assert "/studio/samples/cat.jpg" not in page
    assert "/studio/samples/lighthouse.jpg" in page


def test_a_sample_that_does_not_exist_is_not_found(as_ada: Client) -> None:
    assert as_ada.get("/studio/samples/cat.jpg").status_code == 200
    assert as_ada.get("/studio/samples/unicorn.jpg").status_code == 404


def test_the_estimate_knows_the_sample_photos(as_ada: Client) -> None:
    page = as_ada.get("/studio/estimate/?photo=cat&preset=draft").content.decode()

    assert "of today’s painting share" in page


def test_a_style_becomes_a_favourite_and_ceases_to_be_one(as_ada: Client, ada: User) -> None:
    style = make_style()

    heart = as_ada.post(f"/studio/styles/{style.pk}/favourite/", {"favour": "yes"}, headers={"HX-Request": "true"})
    assert 'aria-pressed="true"' in heart.content.decode()
    assert Favourite.objects.get().user == ada
    as_ada.post(f"/studio/styles/{style.pk}/favourite/", {"favour": "no"})
    assert not Favourite.objects.exists()


def test_another_persons_style_is_nobodys_favourite(as_ada: Client, bob: User) -> None:
    assert as_ada.post(f"/studio/styles/{make_style(bob).pk}/favourite/").status_code == 404


def test_the_last_jobs_styles_are_found_under_used_last(as_ada: Client, ada: User) -> None:
    job = make_job(ada)

    page = as_ada.get("/studio/").content.decode()

    assert re.search(rf'data-style="{job.style_id}"[^>]*data-is="own recent "', page)


def test_an_address_fills_the_studio_in(as_ada: Client, ada: User) -> None:
    first, second = make_style(), make_style()
    query = f"photo=cat&style={second.pk}&style={first.pk}&weight-{second.pk}=70&preset=fine&strength=62&colours=photo"

    page = as_ada.get(f"/studio/?{query}").content.decode()

    for value in ("cat", str(first.pk), str(second.pk), "fine", "photo"):
        assert re.search(rf'<input[^>]*value="{value}"[^>]* checked', page), value
    assert re.search(rf'name="weight-{second.pk}"[^>]*value="70"', page)
    assert re.search(r'name="strength" value="62"', page)


def test_the_address_of_a_job_fills_in_what_it_was_painted_with(as_ada: Client, ada: User) -> None:
    job = make_job(ada, style_strength=strength_at(30), brush_size=brush_at(80), seed=4711)

    page = as_ada.get(f"/studio/?{addresses.studio_query(job, ada)}").content.decode()

    assert re.search(r'name="strength" value="30"', page)
    assert re.search(r'name="brush" value="80"', page)
    assert 'value="4711"' in page


def test_the_studio_shows_the_painting_that_is_on_the_easel(as_ada: Client, as_bob: Client, ada: User) -> None:
    job = make_job(ada)

    assert f"/studio/jobs/{job.pk}/events/" in as_ada.get(f"/studio/?job={job.pk}").content.decode()
    assert f"/studio/jobs/{job.pk}/" not in as_bob.get(f"/studio/?job={job.pk}").content.decode()


@pytest.mark.parametrize("position", range(0, 101, 5))
def test_every_place_on_a_slider_is_found_again(position: int) -> None:
    assert position_of_strength(strength_at(position)) == position
    assert position_of_brush(brush_at(position)) == position


def test_the_middle_of_a_slider_is_the_usual() -> None:
    assert (strength_at(50), brush_at(50)) == (pytest.approx(1), 1)


def test_a_shelf_of_many_styles_takes_no_more_queries(
    as_ada: Client, ada: User, django_assert_max_num_queries: object
) -> None:
    for _ in range(5):
        make_style()
    make_photo(ada)
    with django_assert_max_num_queries(25) as few:  # type: ignore[operator]
        as_ada.get("/studio/")
    for _ in range(10):
        make_style()
        make_style(ada)

    with django_assert_max_num_queries(len(few)):  # type: ignore[operator]
        as_ada.get("/studio/")
