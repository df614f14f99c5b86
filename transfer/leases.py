"""What workers do with a row of work: take it, report on it, finish it, hand it back.

Each attempt holds a lease, a token that only it knows. Every write names the token, so a worker that has lost its
lease (cancelled, or silent for too long) can write nothing and learns so at its next report.
"""

from __future__ import annotations

import logging
import os
import socket
import threading
import time
import uuid
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from typing import Any

from django.conf import settings
from django.db import connection, transaction
from django.db.models import F, QuerySet
from django.db.utils import InterfaceError, OperationalError
from django.utils import timezone

from transfer import events, queue
from transfer.models import Leased
from transfer.models.leased import FAILED, QUEUED, WORKER_LOST
from transfer.queue import PAINTING, TRAINING, Work
from transfer.shutdown import shutting_down

logger = logging.getLogger(__name__)

RETRY_SECONDS = 1.0
# What Django raises while the database cannot be reached, or of a connection that it has closed.
OUTAGES = (OperationalError, InterfaceError)


class LeaseLost(Exception):
    """The row is no longer this worker's: it was cancelled, or given to another."""


@dataclass(frozen=True)
class Lease:
    """The right to write to one row, for as long as it carries `token`."""

    work: Work
    row_id: uuid.UUID
    token: uuid.UUID
    attempt: int
    """Which one it is for, from 1."""


def this_worker() -> str:
    """The name under which this process takes leases."""
    return f"{socket.gethostname()}:{os.getpid()}"


def claim(work: Work, row_id: uuid.UUID, worker: str) -> Lease | None:
    """Take a waiting row; None where it is not waiting (any more). From `queued` to the state of what is under way."""
    token, now = uuid.uuid4(), timezone.now()
    taken = (
        _rows(work)
        .filter(pk=row_id, state=QUEUED)
        .update(
            state=work.under_way,
            token=token,
            worker=worker,
            attempts=F("attempts") + 1,
            started_at=now,
            heartbeat_at=now,
        )
    )
    attempt = _rows(work).filter(token=token).values_list("attempts", flat=True).first()
    if not taken or attempt is None:
        return None
    events.announce(row_id)
    return Lease(work, row_id, token, attempt)


def claim_next(work: Work, queues: Collection[str]) -> Lease | None:
    """Take the waiting row whose turn it is in `queues`, if there is one, and leave the rest to other workers."""
    while row_id := work.next_row(queues):
        # Another worker may have been quicker; then it is the next one's turn.
        if lease := claim(work, row_id, this_worker()):
            queue.top_up(work)
            return lease
    return None


def report(lease: Lease, **fields: Any) -> None:
    """Write progress and renew the lease. Raises `LeaseLost`."""
    _write(lease, **fields)


def complete(lease: Lease, state: str, **results: Any) -> None:
    """End work that has come to its result, in `state`; its caller clears away after it. Raises `LeaseLost`."""
    _end(lease, state=state, fraction=1.0, step=F("total_steps"), **results)


def fail(lease: Lease, failure: str, detail: str) -> None:
    """End work that will come to nothing: to `failed`. Raises `LeaseLost`."""
    _end(lease, state=FAILED, failure=failure, failure_detail=detail)
    clear_away(lease)


def clear_away(lease: Lease) -> None:
    """After the end of the work, or of the lease: leave nothing behind that nobody will resume from."""
    lease.work.clear_away(lease.row_id)


def hand_back(lease: Lease) -> None:
    """Back to `queued`, not counted as an attempt: what stopped the work is not its fault. Raises `LeaseLost`."""
    _insist(_write, lease, state=QUEUED, token=None, attempts=F("attempts") - 1)
    queue.top_up(lease.work)


def try_again(lease: Lease, failure: str, detail: str) -> None:
    """To its next attempt, or, if this was the last one allowed, to `failed`. Raises `LeaseLost`."""
    if lease.attempt >= settings.MAX_ATTEMPTS:
        fail(lease, failure, detail)
        return
    _insist(_write, lease, state=QUEUED, token=None)
    queue.top_up(lease.work)


@contextmanager
def kept(lease: Lease) -> Iterator[None]:
    """Renew the lease from a thread, through work that may say nothing for longer than a lease lasts."""
    done = threading.Event()
    renewing = threading.Thread(target=_renew_until, args=[done, lease], name="lease", daemon=True)
    renewing.start()
    try:
        yield
    finally:
        done.set()
        renewing.join()


@contextmanager
def through_outages(lease: Lease) -> Iterator[None]:
    """Around a write that a later one makes up for: the work goes on while the database cannot be reached."""
    try:
        yield
    except OUTAGES:
        logger.exception("the database could not be reached; the work goes on")
        connection.close()


def sweep() -> None:
    """Take rows from workers that fell silent, deliver again what waits for a worker, and clear away what workers that
    were killed at the end of their work could not."""
    for work in (PAINTING, TRAINING):
        silent_since = timezone.now() - timedelta(seconds=settings.LEASE_SECONDS)
        for row in _rows(work).filter(state=work.under_way, heartbeat_at__lt=silent_since):
            _take_from_worker(work, row)
        queue.top_up(work)
        for row_id in work.left_behind():
            work.clear_away(row_id)


def _take_from_worker(work: Work, row: Leased) -> None:
    lease = Lease(work, row.pk, row.token or uuid.uuid4(), row.attempts)
    try:
        try_again(lease, WORKER_LOST, f"{row.attempts} workers fell silent, the last of them {row.worker}")
    except LeaseLost:
        return  # It finished, or was cancelled, while we looked.


def _renew_until(done: threading.Event, lease: Lease) -> None:
    try:
        while not done.wait(settings.LEASE_SECONDS / 3):
            _renew(lease)
    except LeaseLost:
        return  # The work itself learns so at its next report.
    finally:
        connection.close()


def _renew(lease: Lease) -> None:
    with through_outages(lease):
        _write(lease)


def _end(lease: Lease, **fields: Any) -> None:
    _insist(_write_end, lease, token=None, seconds_left=None, finished_at=timezone.now(), **fields)


def _write_end(lease: Lease, **fields: Any) -> None:
    with transaction.atomic():
        _write(lease, **fields)
        lease.work.tell_end(lease.row_id)


def _insist(write: Callable[..., None], lease: Lease, **fields: Any) -> None:
    """Write through an outage of the database, until others may have taken the lease: hours of work may hang on it."""
    give_up_at = time.monotonic() + settings.LEASE_SECONDS
    while True:
        try:
            return write(lease, **fields)
        except OUTAGES:
            connection.close()
            if time.monotonic() > give_up_at or shutting_down.wait(RETRY_SECONDS):
                raise


def _write(lease: Lease, **fields: Any) -> None:
    fields.setdefault("heartbeat_at", timezone.now())
    if not _rows(lease.work).filter(pk=lease.row_id, token=lease.token).update(**fields):
        raise LeaseLost(lease.row_id)
    # At once, where no transaction is open.
    transaction.on_commit(partial(events.announce, lease.row_id))


def _rows(work: Work) -> QuerySet[Leased]:
    return work.model._default_manager.all()
