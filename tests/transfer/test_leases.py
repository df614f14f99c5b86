"""Leases: who may write to a job, and what becomes of jobs whose workers fall silent."""

from __future__ import annotations

import threading
from datetime import timedelta
from typing import Any

import django_rq
import pytest
from django.db.utils import InterfaceError, OperationalError
from django.utils import timezone

from accounts.models import User
from tests.factories import claimed, make_image, make_job
from transfer import leases, services, sweeping
from transfer.jobs import finish
from transfer.leases import LeaseLost
from transfer.models import Failure, Job, State
from transfer.queue import PAINTING, checkpoint_path


def fall_silent(job: Job) -> None:
    Job.objects.filter(pk=job.pk).update(heartbeat_at=timezone.now() - timedelta(hours=1))


def deliveries() -> int:
    return django_rq.get_queue("interactive").count


def test_only_one_worker_gets_a_job(ada: User) -> None:
    job = make_job(ada)

    assert leases.claim(PAINTING, job.pk, "first")
    assert leases.claim(PAINTING, job.pk, "second") is None


def test_a_report_shows_in_the_row_and_renews_the_lease(ada: User) -> None:
    job = make_job(ada)
    lease = claimed(job)
    fall_silent(job)

    leases.report(lease, step=3, total_steps=10, fraction=0.3)
    leases.sweep()

    job.refresh_from_db()
    assert (job.state, job.percent) == (State.RUNNING, 30)


def test_a_worker_that_lost_its_lease_cannot_write(ada: User) -> None:
    job = make_job(ada)
    old = claimed(job, "old")
    fall_silent(job)
    leases.sweep()
    new = claimed(job, "new")

    with pytest.raises(LeaseLost):
        leases.report(old, step=1, total_steps=2)
    with pytest.raises(LeaseLost):
        finish(old, make_image())
    finish(new, make_image())
    job.refresh_from_db()
    assert (job.state, job.worker, job.attempts) == (State.SUCCEEDED, "new", 2)


def test_a_silent_workers_job_goes_back_to_the_queue(ada: User) -> None:
    job = make_job(ada)
    claimed(job)
    fall_silent(job)
    django_rq.get_queue("interactive").empty()

    leases.sweep()

    job.refresh_from_db()
    assert job.state == State.QUEUED
    assert deliveries() == 1


def test_a_job_that_loses_every_worker_fails_with_a_reason(ada: User, settings: Any) -> None:
    job = make_job(ada)
    for _ in range(settings.MAX_ATTEMPTS):
        claimed(job)
        fall_silent(job)
        leases.sweep()

    job.refresh_from_db()
    assert (job.state, job.failure) == (State.FAILED, Failure.WORKER_LOST)
    assert "stopped several times" in job.failure_message


def test_a_job_handed_back_waits_again_and_is_not_charged_an_attempt(ada: User) -> None:
    job = make_job(ada)

    lease = claimed(job)
    django_rq.get_queue("interactive").empty()

    leases.hand_back(lease)

    job.refresh_from_db()
    assert (job.state, job.attempts) == (State.QUEUED, 0)
    assert deliveries() == 1


def test_emptying_redis_loses_nothing(ada: User) -> None:
    for _ in range(3):
        make_job(ada)
    django_rq.get_queue("interactive").empty()

    leases.sweep()
    leases.sweep()

    assert deliveries() == 3


def test_a_cancelled_job_takes_no_more_reports(ada: User) -> None:
    job = make_job(ada)
    lease = claimed(job)

    services.cancel_job(job=job)

    with pytest.raises(LeaseLost):
        leases.report(lease, step=1, total_steps=2)
    job.refresh_from_db()
    assert job.state == State.CANCELLED


def test_a_sweep_clears_away_what_a_killed_worker_left_at_the_end_of_its_job(ada: User) -> None:
    going_on, ended = make_job(ada), make_job(ada)
    for job in (going_on, ended):
        checkpoint_path(job.pk).parent.mkdir(parents=True, exist_ok=True)
        checkpoint_path(job.pk).write_bytes(b"as far as it came")
    services.cancel_job(job=ended)
    foreign = checkpoint_path(ended.pk).with_name("README")
    foreign.write_text("not ours")

    leases.sweep()

    assert [checkpoint_path(job.pk).exists() for job in (going_on, ended)] == [True, False]
    assert foreign.exists()


@pytest.mark.parametrize("outage", [OperationalError, InterfaceError])
def test_sweeping_goes_on_when_the_database_is_back(
    outage: type[Exception], monkeypatch: pytest.MonkeyPatch, settings: Any
) -> None:
    stop, answers = threading.Event(), iter([outage("connection already closed"), None])

    def sweep() -> None:
        answer = next(answers)
        if answer:
            raise answer
        stop.set()

    monkeypatch.setattr(leases, "sweep", sweep)
    settings.SWEEP_SECONDS = 0
    monkeypatch.setattr(sweeping, "close_old_connections", lambda: None)

    sweeping.sweep_until(stop)

    assert next(answers, "swept again") == "swept again"
