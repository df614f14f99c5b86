"""What one person may have of the site: jobs at once, and a day's share of painting."""

from __future__ import annotations

import uuid
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from accounts.models import Quota, User
from tests.factories import claimed, make_finished_job, make_job, make_photo, make_style
from transfer import leases, services, spending
from transfer.engine import price
from transfer.errors import LargerThanTheShare, QueueFull, ShareUsedUp, TooManyJobs
from transfer.models import Job, Photo, Spending


@pytest.fixture(autouse=True)
def _room_for_two(settings: Any) -> None:
    """A share for two of the tests' jobs."""
    _, one = price(Job(photo=Photo(width=96, height=72), preset="draft", size=64))
    settings.DAILY_PIXEL_STEPS_PER_USER = 2 * one


def a_day_ago(job: Job) -> None:
    Spending.objects.filter(job=job).update(at=timezone.now() - timedelta(hours=24, seconds=1))


def submit(client: Client, owner: User) -> Any:
    form = {"submission": uuid.uuid4(), "photo": make_photo(owner).pk, "style": make_style(owner).pk}
    return client.post("/studio/", form | {"preset": "draft", "size": "256"})


def test_a_share_that_is_used_up_refuses_and_says_when_there_is_room(ada: User, settings: Any) -> None:
    first = make_job(ada)
    make_job(ada)
    Spending.objects.filter(job=first).update(at=timezone.now() - timedelta(hours=21, minutes=30))

    with pytest.raises(ShareUsedUp, match="room for this picture in about 3 hours") as refusal:
        make_job(ada)

    assert refusal.value.retry_after == pytest.approx(2.5 * 3600, abs=60)


def test_there_is_room_again_after_a_day(ada: User) -> None:
    first = make_job(ada)
    make_job(ada)
    a_day_ago(first)

    make_job(ada)


def test_my_pictures_say_what_is_left_of_the_share(ada: User, as_ada: Client, settings: Any) -> None:
    job = make_job(ada)
    settings.DAILY_PIXEL_STEPS_PER_USER = 4 * job.pixel_steps

    assert "75% of today’s painting share is left" in as_ada.get("/studio/jobs/").content.decode()


def test_deleting_a_job_gives_no_share_back(ada: User) -> None:
    for _ in range(2):
        services.delete_job(job=make_finished_job(ada))

    with pytest.raises(ShareUsedUp):
        make_job(ada)


def test_a_cancelled_job_costs_what_it_had_done_and_a_failed_one_nothing(ada: User) -> None:
    cancelled, failed = make_job(ada), make_job(ada)
    leases.report(claimed(cancelled), fraction=0.25)
    services.cancel_job(job=cancelled)
    leases.fail(claimed(failed), "unexpected", "")

    assert spending.used(ada) == pytest.approx(0.25 * cancelled.pixel_steps, abs=1)
    services.delete_job(job=Job.objects.get(pk=cancelled.pk))
    assert spending.used(ada) == pytest.approx(0.25 * cancelled.pixel_steps, abs=1)


def test_trying_again_is_charged_like_a_new_job(ada: User) -> None:
    job = make_job(ada)
    services.cancel_job(job=job)
    assert spending.used(ada) == 0

    services.retry_job(job=Job.objects.get(pk=job.pk))

    assert spending.used(ada) == job.pixel_steps


def test_what_is_larger_than_a_days_share_is_refused_for_good(ada: User, as_ada: Client) -> None:
    with pytest.raises(LargerThanTheShare):
        make_job(ada, size=256)

    response = submit(as_ada, ada)

    assert response.status_code == 429
    assert "Retry-After" not in response
    assert "more than a day" in response.content.decode()


def test_staff_can_give_one_person_more(ada: User, bob: User, settings: Any) -> None:
    settings.UNFINISHED_JOBS_PER_USER = 2
    Quota.objects.create(user=ada, unfinished_jobs=3, daily_pixel_steps=10**12)
    for _ in range(3):
        make_job(ada)
    for _ in range(2):
        make_job(bob)

    with pytest.raises(TooManyJobs):
        make_job(ada)
    with pytest.raises(TooManyJobs):
        make_job(bob)


def test_the_quota_of_a_person_is_set_in_the_admin(ada: User, client: Client) -> None:
    ada.is_staff = ada.is_superuser = True
    ada.save()
    client.force_login(ada)

    page = client.get(f"/admin/accounts/user/{ada.pk}/change/").content.decode()

    assert "quota-0-daily_pixel_steps" in page


def test_a_full_queue_says_when_to_come_again(ada: User, bob: User, as_bob: Client, settings: Any) -> None:
    make_job(ada)
    settings.WAITING_JOBS_MAX = 1
    settings.DAILY_PIXEL_STEPS_PER_USER = 10**12

    with pytest.raises(QueueFull):
        make_job(bob)
    response = submit(as_bob, bob)

    assert response.status_code == 503
    assert int(response["Retry-After"]) > 0
    assert "Try again in a few minutes" in response.content.decode()


def test_too_many_jobs_of_ones_own_say_so_with_a_time(ada: User, as_ada: Client, settings: Any) -> None:
    settings.UNFINISHED_JOBS_PER_USER = 0

    response = submit(as_ada, ada)

    assert (response.status_code, int(response["Retry-After"])) == (429, 60)
