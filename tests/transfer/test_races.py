"""What happens at one and the same moment: it ends in one of the ways that it could have ended in turn."""

from __future__ import annotations

import signal
import uuid
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier
from typing import Any

import django_rq
import pytest
from django.db import connection
from django.utils import timezone

from accounts.models import User
from tests.factories import claimed, files_in_storage, make_image, make_job, make_order, make_photo, make_style
from tests.live import wait_until
from tests.transfer.workers import worker_process
from transfer import leases, services
from transfer.errors import WrongState
from transfer.jobs import finish
from transfer.leases import LeaseLost
from transfer.models import Job, State
from transfer.queue import PAINTING, checkpoint_path

pytestmark = pytest.mark.django_db(transaction=True)

# Chance decides who is first; both ways are to be seen.
ROUNDS = range(8)


def at_once(*calls: Callable[[], Any]) -> list[Any]:
    """What each call returned or raised, all of them begun together in threads of their own."""
    start = Barrier(len(calls))

    def outcome(call: Callable[[], Any]) -> Any:
        start.wait()
        try:
            return call()
        except (WrongState, LeaseLost) as refusal:
            return refusal
        finally:
            connection.close()

    with ThreadPoolExecutor(len(calls)) as threads:
        return list(threads.map(outcome, calls))


@pytest.mark.parametrize("round", ROUNDS)
def test_a_job_cancelled_while_a_worker_takes_it_is_cancelled(ada: User, round: int) -> None:
    job = make_job(ada)

    lease, _ = at_once(
        lambda: leases.claim(PAINTING, job.pk, "worker"),
        lambda: services.cancel_job(job=Job.objects.get(pk=job.pk)),
    )

    job.refresh_from_db()
    assert (job.state, job.token) == (State.CANCELLED, None)
    if lease:
        with pytest.raises(LeaseLost):
            leases.report(lease, step=0)


def test_a_job_cancelled_before_its_first_report_leaves_nothing(ada: User) -> None:
    job = make_job(ada)
    before = files_in_storage()
    lease = claimed(job)

    services.cancel_job(job=job)

    with pytest.raises(LeaseLost):
        finish(lease, make_image())
    assert files_in_storage() == before


@pytest.mark.parametrize("round", ROUNDS)
def test_a_job_cancelled_while_it_finishes_is_one_or_the_other(ada: User, round: int) -> None:
    job = make_job(ada)
    before = files_in_storage()
    lease = claimed(job)

    finishing, cancelling = at_once(
        lambda: finish(lease, make_image()), lambda: services.cancel_job(job=Job.objects.get(pk=job.pk))
    )

    job.refresh_from_db()
    if job.state == State.SUCCEEDED:
        assert (finishing, type(cancelling)) == (None, WrongState)
        assert len(files_in_storage() - before) == 4
    else:
        assert (job.state, type(finishing), cancelling) == (State.CANCELLED, LeaseLost, None)
        assert files_in_storage() == before


@pytest.mark.parametrize("round", ROUNDS)
def test_a_form_sent_twice_makes_one_job(ada: User, round: int) -> None:
    photo, style, submission = make_photo(ada), make_style(ada), uuid.uuid4()

    def submit() -> Job:
        return services.submit_job(owner=ada, photo=photo, style=style, order=make_order(), submission=submission)

    first, second = at_once(submit, submit)

    assert first == second
    assert Job.objects.count() == django_rq.get_queue("interactive").count == 1


def test_a_job_is_not_deleted_under_its_worker(ada: User) -> None:
    job = make_job(ada)
    lease = claimed(job)

    with pytest.raises(WrongState):
        services.delete_job(job=job)

    finish(lease, make_image())
    job.refresh_from_db()
    assert job.state == State.SUCCEEDED


def test_a_job_cancelled_and_deleted_before_its_worker_has_noticed_leaves_nothing(ada: User) -> None:
    job = make_job(ada, size=384, preset="standard")
    before = files_in_storage()
    pk = job.pk
    with worker_process(CHECKPOINT_SECONDS="0") as worker:
        wait_until(lambda: Job.objects.filter(pk=pk, state=State.RUNNING, step__gt=0).exists(), 60)
        services.cancel_job(job=job)
        services.delete_job(job=job)
        worker.send_signal(signal.SIGTERM)
        assert worker.wait(timeout=30) == 0

    assert not Job.objects.filter(pk=pk).exists()
    assert files_in_storage() == before
    assert not checkpoint_path(pk).exists()


@pytest.mark.parametrize("round", ROUNDS)
def test_two_sweepers_take_a_job_from_its_silent_worker_once(ada: User, round: int) -> None:
    job = make_job(ada)
    claimed(job)
    Job.objects.update(heartbeat_at=timezone.now() - timedelta(hours=1))

    at_once(leases.sweep, leases.sweep)

    job.refresh_from_db()
    assert (job.state, job.attempts, job.token) == (State.QUEUED, 1, None)


@pytest.mark.parametrize("round", ROUNDS)
def test_of_two_workers_one_gets_the_job(ada: User, round: int) -> None:
    job = make_job(ada)

    taken = at_once(*(lambda: leases.claim_next(PAINTING, PAINTING.queues) for _ in range(2)))

    [lease] = filter(None, taken)
    leases.report(lease, step=0)
    assert Job.objects.get(pk=job.pk).attempts == 1
