"""Many photos painted in one style at once."""

from __future__ import annotations

import re
import uuid
from typing import Any

import pytest
from django.test import Client

from accounts.models import User
from tests.factories import claimed, encode, make_file, make_image, make_job, make_order, make_photo, make_style
from transfer import leases, services
from transfer.errors import BatchTooLarge, ShareUsedUp, TooManyJobs
from transfer.jobs import finish
from transfer.models import Failure, Job, Photo, State

PAGE = "/studio/batch/"


def submit(client: Client, **fields: Any) -> Any:
    chosen = {"submission": uuid.uuid4(), "preset": "draft", "colours": "style", **fields}
    return client.post(PAGE, chosen)


def files(count: int) -> list[Any]:
    return [make_file(encode(make_image(seed=number)), f"photo{number}.jpg") for number in range(count)]


def make_batch(owner: User, photos: int = 3) -> list[Job]:
    return services.submit_batch(
        owner=owner,
        photos=[make_photo(owner) for _ in range(photos)],
        style=make_style(owner, "Waves"),
        order=make_order(),
        batch=uuid.uuid4(),
    )


def test_new_and_earlier_photos_are_painted_in_one_style(as_ada: Client, ada: User) -> None:
    style, earlier = make_style(), make_photo(ada)

    response = submit(
        as_ada, new_photos=files(3), photos=[earlier.pk], style=style.pk, preset="standard", colours="photo"
    )

    jobs = Job.objects.all()
    batch = jobs[0].batch
    assert response.headers["Location"] == f"/studio/jobs/?batch={batch}"
    assert jobs.count() == len({job.photo_id for job in jobs}) == 4
    assert {(job.batch, job.style, job.preset, job.size, job.colours) for job in jobs} == {
        (batch, style, "standard", 512, "photo")
    }
    # Pictures that are to hang together.
    assert len({job.seed for job in jobs}) == 1


def test_a_file_that_is_no_picture_is_named_and_costs_the_others_nothing(as_ada: Client, ada: User) -> None:
    wrong = make_file(b"no picture at all", "words.jpg")

    response = submit(as_ada, new_photos=[*files(2), wrong], style=make_style().pk)

    assert Job.objects.count() == 2
    page = as_ada.get(response.headers["Location"]).content.decode()
    assert "2 photos will be painted." in page
    assert "words.jpg: This is not a picture we can read." in page


def test_nothing_but_wrong_files_leaves_one_on_the_form(as_ada: Client, ada: User) -> None:
    response = submit(
        as_ada, new_photos=[make_file(b"", "empty.jpg"), make_file(b"no", "words.jpg")], style=make_style().pk
    )

    assert response.status_code == 422
    assert "words.jpg: This is not a picture we can read." in response.content.decode()
    assert not Job.objects.exists()


@pytest.mark.parametrize("photos", [0, 21])
def test_a_batch_has_one_to_twenty_photos(as_ada: Client, ada: User, photos: int) -> None:
    response = submit(as_ada, new_photos=files(photos), style=make_style().pk)

    assert response.status_code == 422
    expected = "Choose at most 20 at once." if photos else "Choose at least one photo."
    assert expected in response.content.decode()
    assert not Photo.objects.exists()


def test_a_batch_of_twenty_fits_the_default_limit(ada: User) -> None:
    assert len(make_batch(ada, photos=20)) == 20

    with pytest.raises(TooManyJobs):
        make_job(ada)


def test_the_same_form_sent_twice_makes_one_batch(as_ada: Client, ada: User) -> None:
    sent = {"submission": uuid.uuid4(), "style": make_style().pk}

    first = submit(as_ada, new_photos=files(2), **sent)
    second = submit(as_ada, new_photos=files(2), **sent)

    assert first.headers["Location"] == second.headers["Location"]
    assert (Job.objects.count(), Photo.objects.count()) == (2, 2)


def test_a_batch_without_room_for_all_is_not_begun(ada: User, settings: Any) -> None:
    settings.UNFINISHED_JOBS_PER_USER = 4
    make_job(ada)
    make_job(ada)

    with pytest.raises(BatchTooLarge, match="room for 2 more pictures"):
        make_batch(ada, photos=3)

    assert Job.objects.count() == 2


def test_a_share_that_suffices_for_some_begins_none(ada: User, settings: Any) -> None:
    settings.DAILY_PIXEL_STEPS_PER_USER = int(2.5 * make_job(ada).pixel_steps)

    with pytest.raises(ShareUsedUp):
        make_batch(ada, photos=2)

    assert Job.objects.count() == 1


def test_photos_that_came_before_the_refusal_are_ticked_on_the_form(as_ada: Client, ada: User, settings: Any) -> None:
    style = make_style()
    settings.DAILY_PIXEL_STEPS_PER_USER = 1

    response = submit(as_ada, new_photos=files(2), style=style.pk)

    assert response.status_code == 429
    page = response.content.decode()
    ticked = set(re.findall(r'name="photos" value="([^"]+)" checked', page))
    assert ticked == {str(photo.pk) for photo in Photo.objects.all()}
    assert len(ticked) == 2
    assert re.search(rf'name="style" value="{style.pk}" checked', page)


def test_others_photos_and_styles_cannot_be_used(as_bob: Client, ada: User) -> None:
    photo, style = make_photo(ada), make_style(ada)

    assert submit(as_bob, photos=[photo.pk], style=make_style().pk).status_code == 422
    assert submit(as_bob, new_photos=files(1), style=style.pk).status_code == 422
    assert not Job.objects.exists()


def test_the_page_counts_how_far_a_batch_is(as_ada: Client, ada: User) -> None:
    first, second, third = make_batch(ada)
    finish(claimed(first), make_image(64, 48))
    leases.fail(claimed(second), Failure.UNEXPECTED, "")

    page = as_ada.get("/studio/jobs/").content.decode()
    progress = as_ada.get("/studio/jobs/progress/").json()

    assert "3 photos in “Waves”" in page
    assert "1 of 3 finished" in page
    assert "failed or stopped: 1" in page
    assert f'href="/studio/jobs/?batch={third.batch}"' in page
    # One that waits is counted, and takes no place of its own.
    assert f'id="job-{third.pk}"' not in page
    assert progress == {"easels": {}, "batches": {str(third.batch): {"percent": 33}}}


def test_a_batch_is_looked_at_by_itself(as_ada: Client, ada: User) -> None:
    jobs = make_batch(ada)
    other = make_job(ada)

    page = as_ada.get(f"/studio/jobs/?batch={jobs[0].batch}").content.decode()

    assert all(f'id="job-{job.pk}"' in page for job in jobs)
    assert f'id="job-{other.pk}"' not in page


def test_a_batch_is_stopped_with_one_button_and_nothing_else_is(as_ada: Client, ada: User) -> None:
    jobs, other = make_batch(ada), make_job(ada)

    as_ada.post("/studio/jobs/selected/stop/", {"batch": jobs[0].batch, "job": other.pk})

    assert set(Job.objects.filter(state=State.CANCELLED)) == set(jobs)


def test_nobody_stops_anothers_batch(as_bob: Client, ada: User) -> None:
    jobs = make_batch(ada)

    as_bob.post("/studio/jobs/selected/stop/", {"batch": jobs[0].batch})

    assert not Job.objects.filter(state=State.CANCELLED).exists()
