"""Whose turn it is: several people's jobs, and few workers."""

from __future__ import annotations

from typing import Any

import django_rq
import pytest

from accounts.models import User
from tests.factories import make_job, make_user
from transfer import leases, queue, services
from transfer.leases import Lease
from transfer.models import Job, State
from transfer.queue import PAINTING


@pytest.fixture(autouse=True)
def _limits(settings: Any) -> None:
    settings.UNFINISHED_JOBS_PER_USER = 100
    settings.RUNNING_JOBS_PER_USER = 2


def take(*queues: str) -> Job | None:
    """What a worker that has just become idle begins with."""
    lease = leases.claim_next(PAINTING, queues or PAINTING.queues)
    return Job.objects.get(pk=lease.row_id) if lease else None


def end(job: Job) -> None:
    job.refresh_from_db()
    assert job.token
    leases.fail(Lease(PAINTING, job.pk, job.token, job.attempts), "unexpected", "")


def test_who_comes_later_with_one_job_starts_after_the_ones_running_now(ada: User, bob: User) -> None:
    for _ in range(20):
        make_job(ada)
    running = take()
    late = make_job(bob, preset="fine")
    assert running

    end(running)

    assert take() == late


def test_people_take_turns(ada: User, bob: User, settings: Any) -> None:
    settings.RUNNING_JOBS_PER_USER = 100
    for person in (ada, ada, ada, bob, bob, make_user("cleo")):
        make_job(person)

    taken = [job.owner.username for _ in range(6) if (job := take())]

    assert taken == ["ada", "bob", "cleo", "ada", "bob", "ada"]


def test_turns_are_remembered_when_nothing_runs(ada: User, bob: User) -> None:
    for person in (ada, ada, bob, bob):
        make_job(person)

    owners = []
    while job := take():
        owners.append(job.owner.username)
        end(job)

    assert owners == ["ada", "bob", "ada", "bob"]


def test_of_ones_own_jobs_a_draft_comes_first_and_then_the_oldest(ada: User, settings: Any) -> None:
    settings.RUNNING_JOBS_PER_USER = 3
    first, second, draft = (make_job(ada, preset=preset) for preset in ("standard", "fine", "draft"))

    assert [take(), take(), take()] == [draft, first, second]


def test_a_worker_for_drafts_leaves_the_rest_alone(ada: User) -> None:
    standard, draft = make_job(ada, preset="standard"), make_job(ada, preset="draft")

    assert take("interactive") == draft
    assert take("interactive") is None
    assert take("standard") == standard


def test_nobody_runs_more_than_their_share_and_the_next_starts_when_one_ends(ada: User) -> None:
    for _ in range(4):
        make_job(ada)
    first, second = take(), take()
    assert first
    assert second
    assert take() is None
    django_rq.get_queue("interactive").empty()

    queue.top_up(PAINTING)
    assert django_rq.get_queue("interactive").count == 0
    end(first)
    queue.top_up(PAINTING)

    assert django_rq.get_queue("interactive").count > 0
    assert take()


def test_of_two_workers_that_want_the_same_job_one_takes_the_next(
    ada: User, bob: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    wanted, other = make_job(ada), make_job(bob)
    claim = leases.claim

    def claim_too_late(*arguments: Any) -> Lease | None:
        monkeypatch.setattr(leases, "claim", claim)
        assert leases.claim(PAINTING, wanted.pk, "quicker")
        return claim(*arguments)

    monkeypatch.setattr(leases, "claim", claim_too_late)

    assert take() == other


def test_a_worker_that_is_woken_for_nothing_goes_back_to_sleep(ada: User) -> None:
    job = make_job(ada)
    services.cancel_job(job=job)

    assert take() is None
    assert Job.objects.get(pk=job.pk).state == State.CANCELLED
