"""A finished picture's page: taking it away, seeing it closely, and going on from it."""

from __future__ import annotations

import io
import re
from typing import Any
from urllib.parse import parse_qs

import pytest
from django.test import Client
from PIL import Image

from accounts.models import User
from tests.factories import claimed, make_finished_job, make_image, make_job, make_photo
from transfer import services
from transfer.downloads import papers_of, sizes_of
from transfer.jobs import finish
from transfer.models import Job, Preset, State


def make_large_job(owner: User) -> Job:
    """A finished one of 1200 × 900 pixels."""
    job = make_job(owner)
    finish(claimed(job), make_image(1200, 900, seed=3))
    job.refresh_from_db()
    return job


def downloaded(client: Client, job: Job, format: str, side: str = "") -> Any:
    return client.get(f"{job.get_absolute_url()}download/{format}/" + (f"?side={side}" if side else ""))


@pytest.mark.parametrize(("format", "kind"), [("png", "PNG"), ("jpeg", "JPEG"), ("webp", "WEBP")])
def test_a_result_comes_in_each_format_and_in_smaller_sizes(as_ada: Client, ada: User, format: str, kind: str) -> None:
    job = make_large_job(ada)

    for side, size in {"": (1200, 900), "1024": (1024, 768), "512": (512, 384)}.items():
        response = downloaded(as_ada, job, format, side)

        image = Image.open(io.BytesIO(response.content))
        assert (image.format, image.size) == (kind, size)
        assert "attachment" in response.headers["Content-Disposition"]
        assert "private" in response.headers["Cache-Control"]


@pytest.mark.parametrize(("format", "side"), [("gif", ""), ("png", "2048"), ("png", "100"), ("jpeg", "-1")])
def test_no_other_size_or_format_is_made(as_ada: Client, ada: User, format: str, side: str) -> None:
    assert downloaded(as_ada, make_large_job(ada), format, side).status_code == 404


def test_a_small_png_is_the_large_one_resampled_and_not_a_jpeg_of_it(as_ada: Client, ada: User) -> None:
    job = make_large_job(ada)
    expected = Image.open(io.BytesIO(downloaded(as_ada, job, "png").content))
    expected.thumbnail((512, 512), Image.Resampling.LANCZOS)

    small = Image.open(io.BytesIO(downloaded(as_ada, job, "png", "512").content))

    assert small.tobytes() == expected.tobytes()


def test_the_page_offers_the_sizes_that_there_are(as_ada: Client, ada: User) -> None:
    job = make_large_job(ada)

    page = as_ada.get(job.get_absolute_url()).content.decode()

    assert [(size.width, size.height) for size in sizes_of(job)] == [(1200, 900), (1024, 768), (512, 384)]
    assert f"{job.get_absolute_url()}download/webp/?side=1024" in page
    assert "?side=2048" not in page


def test_a_print_is_as_large_as_its_pixels_allow(as_ada: Client, ada: User) -> None:
    job = make_large_job(ada)

    sharp, wall = papers_of(job)

    assert (round(sharp.width, 2), round(sharp.height, 2), sharp.dpi) == (10.16, 7.62, 300)
    assert (round(wall.width, 2), wall.dpi) == (20.32, 150)
    assert "Prints at 10.2 × 7.6 cm" in as_ada.get(job.get_absolute_url()).content.decode()


def test_the_whole_picture_is_looked_at_where_the_link_leads(as_ada: Client, as_bob: Client, ada: User) -> None:
    job = make_finished_job(ada)
    address = f"{job.get_absolute_url()}full.jpg"

    response = as_ada.get(address)

    assert Image.open(io.BytesIO(response.content)).size == (128, 96)
    assert "Content-Disposition" not in response
    assert f'href="{address}" data-viewer-open' in as_ada.get(job.get_absolute_url()).content.decode()
    assert as_bob.get(address).status_code == 404


def vary(client: Client, job: Job, **fields: Any) -> str:
    response = client.post(f"{job.get_absolute_url()}vary/", fields, follow=True)
    assert response.status_code == 200
    return response.content.decode()


def test_four_variations_are_drafts_of_the_same_settings_by_other_seeds(as_ada: Client, ada: User) -> None:
    job = make_job(ada, preset="fine", size=1024, style_strength=2.0, colours="photo", init="noise", seed=7)
    finish(claimed(job), make_image(128, 96))

    page = vary(as_ada, job, first=0)

    variations = Job.objects.filter(variation_of=job)
    assert "4 variations will be painted." in page
    assert len({7, *(variation.seed for variation in variations)}) == 5
    for each in variations:
        assert (each.state, each.preset, each.size) == (State.QUEUED, Preset.DRAFT, 256)
        assert (each.photo, each.style) == (job.photo, job.style)
        assert (each.style_strength, each.colours, each.init) == (2.0, "photo", "noise")


def test_the_same_click_twice_makes_no_more_of_them_and_a_new_page_does(as_ada: Client, ada: User) -> None:
    job = make_finished_job(ada)
    vary(as_ada, job, first=0)
    page = vary(as_ada, job, first=0)
    assert Job.objects.filter(variation_of=job).count() == 4

    match = re.search(r'name="first" value="(\d+)"', page)
    assert match
    vary(as_ada, job, first=match[1])

    assert Job.objects.filter(variation_of=job).count() == 8
    assert Job.objects.values("seed").distinct().count() == 9


def test_variations_beyond_the_limit_are_refused_with_the_reason(as_ada: Client, ada: User, settings: Any) -> None:
    settings.UNFINISHED_JOBS_PER_USER = 2
    job = make_finished_job(ada)

    page = vary(as_ada, job, first="nonsense")

    assert "2 variations will be painted." in page
    assert "You have as many waiting and running jobs as this site allows." in page


def test_a_picture_stands_beside_its_variations(as_ada: Client, ada: User) -> None:
    job = make_finished_job(ada)
    services.vary_job(job=job, first=0)
    variation = Job.objects.filter(variation_of=job)[0]

    for member in (job, variation):
        page = as_ada.get(f"{member.get_absolute_url()}siblings/").content.decode()
        assert page.count("<li>") == 5
        assert "Waiting" in page
        # It looks again while one is painted.
        assert 'hx-trigger="every 3s"' in page


def test_variations_of_a_variation_are_its_originals(ada: User) -> None:
    job = make_finished_job(ada)
    first = services.vary_job(job=job, first=0).jobs[0]

    services.vary_job(job=first, first=4)

    assert Job.objects.filter(variation_of=job).count() == 8


def test_variations_outlive_their_original(ada: User) -> None:
    job = make_finished_job(ada)
    services.vary_job(job=job, first=0)

    services.delete_job(job=job)

    assert Job.objects.filter(variation_of=None).count() == 4


def test_the_style_goes_on_to_another_photo(as_ada: Client, ada: User) -> None:
    make_photo(ada)
    job = make_job(ada, size=384, colours="photo", style_strength=2.0, seed=11)
    finish(claimed(job), make_image(128, 96))
    page = as_ada.get(job.get_absolute_url()).content.decode()
    link = re.search(r'href="/studio/\?(photo=[^"]+)"', page)
    assert link

    query = link[1].replace("&amp;", "&")
    studio = as_ada.get(f"/studio/?{query}").content.decode()

    assert parse_qs(query, keep_blank_values=True)["photo"] == [""]
    assert re.search(rf'name="style" value="{job.style_id}" checked', studio)
    assert not re.search(r'name="photo" value="[^"]+" checked', studio)
    assert re.search(r'<option value="384" selected', studio)
    assert re.search(r'name="seed"[^>]* value="11"|value="11"[^>]*name="seed"', studio)


def test_a_removed_style_is_not_offered_for_another_photo(as_ada: Client, ada: User) -> None:
    job = make_finished_job(ada)
    services.remove_style(style=job.style)

    assert "Apply this style" not in as_ada.get(job.get_absolute_url()).content.decode()


def test_a_picture_is_deleted_from_its_page_after_a_second_look(as_ada: Client, ada: User) -> None:
    job = make_finished_job(ada)
    page = as_ada.get(job.get_absolute_url()).content.decode()

    assert f'action="{job.get_absolute_url()}delete/"' in page.partition("<details")[2]
