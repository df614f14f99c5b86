"""What workers do with a job: take it, report on it, finish it, hand it back.

Each attempt holds a lease, a token that only it knows. Every write names the token, so a worker that has lost its
lease (cancelled, or silent for too long) can write nothing and learns so at its next report.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.db.models import F
from django.utils import timezone

from transfer import events, queue
from transfer.models import Failure, Job, State
from transfer.models.jobs import UNFINISHED


class LeaseLost(Exception):
    """The job is no longer this worker's: it was cancelled, or given to another."""


@dataclass(frozen=True)
class Lease:
    """The right to write to one job, for as long as its row carries `token`."""

    job_id: uuid.UUID
    token: uuid.UUID


def claim(job_id: uuid.UUID, worker: str) -> Lease | None:
    """Take a queued job; None where it is not queued (any more). `queued → running`."""
    lease = Lease(job_id, uuid.uuid4())
    now = timezone.now()
    taken = Job.objects.filter(pk=job_id, state=State.QUEUED).update(
        state=State.RUNNING,
        token=lease.token,
        worker=worker,
        attempts=F("attempts") + 1,
        started_at=now,
        heartbeat_at=now,
    )
    if not taken:
        return None
    events.announce(job_id)
    return lease


def report(lease: Lease, **fields: Any) -> None:
    """Write progress and renew the lease. Raises `LeaseLost`."""
    _write(lease, **fields)


def succeed(lease: Lease, **results: Any) -> None:
    """`running → succeeded`. Raises `LeaseLost`."""
    _end(lease, state=State.SUCCEEDED, fraction=1.0, step=F("total_steps"), **results)


def fail(lease: Lease, failure: Failure, detail: str) -> None:
    """`running → failed`. Raises `LeaseLost`."""
    _end(lease, state=State.FAILED, failure=failure, failure_detail=detail)


def give_up(lease: Lease) -> None:
    """After `LeaseLost`: leave the job alone, and no checkpoint behind that nobody will resume from."""
    if not Job.objects.filter(pk=lease.job_id, state__in=UNFINISHED).exists():
        queue.discard_checkpoint(lease.job_id)


def hand_back(lease: Lease) -> None:
    """`running → queued`, not counted as an attempt: the worker is stopping in good order. Raises `LeaseLost`."""
    _write(lease, state=State.QUEUED, token=None, attempts=F("attempts") - 1)
    queue.deliver(lease.job_id)


def sweep() -> None:
    """Take running jobs from workers that fell silent, and deliver again what waits for a worker."""
    silent_since = timezone.now() - timedelta(seconds=settings.LEASE_SECONDS)
    for job in Job.objects.filter(state=State.RUNNING, heartbeat_at__lt=silent_since):
        _take_from_worker(job)
    waiting = Job.objects.filter(state=State.QUEUED).order_by("created_at")
    queue.deliver_missing(waiting.values_list("pk", flat=True))


def _take_from_worker(job: Job) -> None:
    lease = Lease(job.pk, job.token or uuid.uuid4())
    try:
        if job.attempts >= settings.MAX_ATTEMPTS:
            fail(lease, Failure.WORKER_LOST, f"{job.attempts} workers fell silent, the last of them {job.worker}")
        else:
            _write(lease, state=State.QUEUED, token=None)
    except LeaseLost:
        return  # It finished, or was cancelled, while we looked.


def _end(lease: Lease, **fields: Any) -> None:
    _write(lease, token=None, seconds_left=None, finished_at=timezone.now(), **fields)
    queue.discard_checkpoint(lease.job_id)


def _write(lease: Lease, **fields: Any) -> None:
    fields.setdefault("heartbeat_at", timezone.now())
    if not Job.objects.filter(pk=lease.job_id, token=lease.token).update(**fields):
        raise LeaseLost(lease.job_id)
    events.announce(lease.job_id)
