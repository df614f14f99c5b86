"""How long jobs take, and when those that wait will be ready."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.test import Client
from django.utils import timezone

from accounts.models import Quota, User
from tests.factories import claimed, make_finished_job, make_job, make_photo
from transfer import durations, leases
from transfer import forecasts as forecasts_module
from transfer.durations import Finished, Pace, fitted
from transfer.forecasts import Forecast, Turns, Waiting, forecasts, simulated
from transfer.models import Job
from transfer.queue import PAINTING
from transfer.templatetags.durations import spoken

GUESS = Pace(a_job=1.0, a_step=0.01, a_pixel_step=1e-6)
ADA, BOB = 1, 2


def test_without_finished_jobs_the_guess_stands() -> None:
    assert fitted(GUESS, []) == GUESS


def test_one_finished_job_tells_how_fast_the_machine_is() -> None:
    learnt = fitted(GUESS, [Finished(3 * GUESS.seconds(200, 10**7), 200, 10**7)])

    assert learnt.seconds(400, 10**8) == pytest.approx(3 * GUESS.seconds(400, 10**8), rel=0.01)


def test_many_finished_jobs_tell_what_a_step_and_a_pixel_take() -> None:
    """On a machine that is twice as fast at small pictures and four times as slow at large ones."""
    truth = Pace(a_job=0.5, a_step=0.005, a_pixel_step=4e-6)
    work = [(80, 10**6), (200, 10**7), (200, 3 * 10**7), (700, 10**8), (80, 4 * 10**6)] * 4

    learnt = fitted(GUESS, [Finished(truth.seconds(*each), *each) for each in work])

    for each in work:
        assert learnt.seconds(*each) == pytest.approx(truth.seconds(*each), rel=0.25)


def waiting(owner: int, seconds: float = 10, is_draft: bool = False) -> Waiting:
    return Waiting(uuid4(), owner, is_draft, seconds)


def forecast(jobs: list[Waiting], running: list[tuple[float, int]] = [], workers: int = 1) -> list[Forecast]:  # noqa: B006
    people = Turns(Counter(owner for _, owner in running), {}, {owner: -1.0 for _, owner in running})
    found = simulated(jobs, running, people, workers)
    return [found[job.key] for job in jobs]


def test_a_job_starts_when_those_before_it_have_ended() -> None:
    first, second = forecast([waiting(ADA), waiting(BOB, 5)], running=[(3, ADA)])

    assert (second.place, second.starts_in, second.ends_in) == (1, 3, 8)
    assert (first.place, first.starts_in, first.ends_in) == (2, 8, 18)


def test_several_workers_take_jobs_side_by_side() -> None:
    found = forecast([waiting(ADA), waiting(BOB), waiting(ADA, 1)], workers=2)

    assert [each.starts_in for each in found] == [0, 0, 10]


def test_who_comes_later_with_one_job_does_not_wait_for_all_of_anothers() -> None:
    found = forecast([*(waiting(ADA) for _ in range(20)), waiting(BOB)])

    assert found[-1].place == 2


def test_ones_own_draft_is_before_ones_own_large_picture() -> None:
    large, draft = forecast([waiting(ADA), waiting(ADA, 2, is_draft=True)])

    assert (draft.ends_in, large.starts_in) == (2, 2)


def test_nobody_is_promised_more_workers_than_they_may_have(settings: Any) -> None:
    settings.RUNNING_JOBS_PER_USER = 1

    assert [each.starts_in for each in forecast([waiting(ADA), waiting(ADA)], workers=4)] == [0, 10]


def test_the_forecast_of_the_rows_takes_turns_as_the_workers_do(ada: User, bob: User) -> None:
    jobs = [make_job(owner) for owner in (ada, ada, ada, bob, bob)]

    places = {key: each.place for key, each in forecasts().items()}

    taken: list[UUID] = []
    while lease := leases.claim_next(PAINTING, PAINTING.queues):
        taken.append(lease.row_id)
        leases.fail(lease, "unexpected", "")
    assert len(taken) == len(jobs)
    assert [places[key] for key in taken] == [1, 2, 3, 4, 5]


def test_finished_jobs_teach_the_pace(ada: User) -> None:
    job = make_finished_job(ada)
    ended = timezone.now()
    Job.objects.filter(pk=job.pk).update(started_at=ended - timedelta(seconds=100), finished_at=ended)

    assert durations.pace().seconds(job.total_steps, job.pixel_steps) == pytest.approx(100, rel=0.05)


def test_the_studio_says_when_a_picture_would_be_ready(ada: User, as_ada: Client) -> None:
    photo = make_photo(ada)

    draft = as_ada.get("/studio/estimate/", {"photo": photo.pk, "preset": "draft", "size": ""}).content.decode()

    assert "Ready in about" in draft
    assert "Leaves 99% of today’s painting share" in draft
    for job in (make_job(ada), make_job(ada)):
        assert job.queue == "interactive"
    assert "Number 3 in line" in as_ada.get("/studio/estimate/", {"preset": "draft"}).content.decode()


def test_the_studio_says_before_it_is_sent_that_a_picture_is_too_large_for_the_share(
    ada: User, as_ada: Client, settings: Any
) -> None:
    settings.DAILY_PIXEL_STEPS_PER_USER = 1

    assert "more than a day" in as_ada.get("/studio/estimate/", {"preset": "fine"}).content.decode()


@pytest.mark.parametrize("choice", [{}, {"preset": "huge"}, {"preset": "draft", "size": "7"}, {"photo": uuid4()}])
def test_a_choice_that_is_none_is_told_nothing(ada: User, as_ada: Client, choice: dict[str, str]) -> None:
    response = as_ada.get("/studio/estimate/", choice)

    assert (response.status_code, response.content) == (200, b"")


def test_who_may_run_nothing_is_promised_nothing(ada: User, as_ada: Client) -> None:
    Quota.objects.create(user=ada, running_jobs=0)

    estimate = as_ada.get("/studio/estimate/", {"preset": "draft"})

    assert estimate.status_code == 200
    assert "Ready in about" not in estimate.content.decode()


def test_without_redis_a_waiting_jobs_page_is_shown_without_a_forecast(
    ada: User, as_ada: Client, settings: Any
) -> None:
    job = make_job(ada)
    away = {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": "redis://127.0.0.1:1/0"}
    settings.CACHES = {"default": away}

    page = as_ada.get(job.get_absolute_url())

    assert page.status_code == 200
    assert "in line" not in page.content.decode().partition('id="job"')[2].partition("data-left-text")[2]
    assert as_ada.get("/studio/estimate/", {"preset": "draft"}).status_code == 200


def test_a_waiting_job_says_its_place_and_when_it_is_ready(ada: User, as_ada: Client) -> None:
    make_job(ada)
    second = make_job(ada)

    page = as_ada.get(second.get_absolute_url()).content.decode()

    assert "Number 2 in line, ready in about" in page


def test_who_has_just_submitted_is_told_at_once_though_the_line_was_looked_at_a_moment_ago(
    ada: User, as_ada: Client
) -> None:
    as_ada.get(make_job(ada).get_absolute_url())

    page = as_ada.get(make_job(ada).get_absolute_url()).content.decode()

    assert "Number 2 in line" in page


@pytest.mark.parametrize(("fraction", "expected"), [(0.0, 100), (0.125, 0.5 * 1000 + 0.5 * 87.5), (0.5, 1000)])
def test_a_running_jobs_first_steps_tell_little_of_how_long_it_takes(
    ada: User, bob: User, fraction: float, expected: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(forecasts_module, "pace", lambda: Pace(a_job=100, a_step=0, a_pixel_step=0))
    leases.report(claimed(make_job(ada)), fraction=fraction, seconds_left=1000)
    waiting = make_job(bob)

    assert forecasts()[waiting.pk].starts_in == pytest.approx(expected)


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(0, "5 seconds"), (41, "45 seconds"), (100, "2 minutes"), (3000, "50 minutes"), (5400, "2 hours")],
)
def test_times_are_told_no_finer_than_anyone_can_wait(seconds: float, words: str) -> None:
    assert spoken(seconds) == words
