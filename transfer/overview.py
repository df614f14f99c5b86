"""What waits, who works on what, and what went wrong: for staff, and for the metrics."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

import django_rq
from django.db.models import Count, Max, Min, QuerySet
from django.utils import timezone
from redis.exceptions import RedisError
from rq import Worker

from transfer.models import Failure, Generator, GeneratorState, Job, State
from transfer.models.generators import TRAINING_QUEUE
from transfer.models.jobs import INTERACTIVE, STANDARD

RECENT = timedelta(days=7)


@dataclass(frozen=True)
class Waiting:
    """One person's jobs in one queue."""

    queue: str
    owner: str
    count: int
    oldest: datetime


@dataclass(frozen=True)
class Hand:
    """A worker process, and the painting or the training that it holds, if it holds one."""

    name: str
    queues: list[str]
    job: Job | None = None
    training: Generator | None = None
    heard_at: datetime | None = None
    """When it last told Redis that it is alive."""

    @property
    def is_busy(self) -> bool:
        return bool(self.job or self.training)


@dataclass(frozen=True)
class Failed:
    """The recent failures for one reason."""

    failure: str
    reason: str
    count: int
    latest: datetime


def waiting() -> list[Waiting]:
    """The longest waiting first."""
    grouped = Job.objects.filter(state=State.QUEUED).order_by().values("preset", "owner__username")
    found: dict[tuple[str, str], Waiting] = {}
    for row in grouped.annotate(count=Count("pk"), oldest=Min("created_at")):
        queue, owner = Job(preset=row["preset"]).queue, row["owner__username"]
        earlier = found.get((queue, owner))
        found[queue, owner] = Waiting(
            queue,
            owner,
            row["count"] + (earlier.count if earlier else 0),
            min(row["oldest"], earlier.oldest) if earlier else row["oldest"],
        )
    return sorted(found.values(), key=lambda each: each.oldest)


def hands() -> list[Hand]:
    """Those that Redis knows to be alive, and those that hold something without it."""
    jobs = {job.worker: job for job in _running()}
    trainings = {each.worker: each for each in Generator.objects.filter(state=GeneratorState.TRAINING)}
    alive = [replace(hand, job=jobs.pop(hand.name, None), training=trainings.pop(hand.name, None)) for hand in _alive()]
    painting = [Hand(job.worker, [job.queue], job=job) for job in jobs.values()]
    training = [Hand(each.worker, [TRAINING_QUEUE], training=each) for each in trainings.values()]
    return [*alive, *painting, *training]


def failed() -> list[Failed]:
    """The most frequent first."""
    recent = Job.objects.filter(state=State.FAILED, finished_at__gt=timezone.now() - RECENT)
    grouped = recent.order_by().values("failure").annotate(count=Count("pk"), latest=Max("finished_at"))
    return [
        Failed(row["failure"], str(Failure(row["failure"]).label), row["count"], row["latest"])
        for row in grouped.order_by("-count")
    ]


def depths(waiting: Sequence[Waiting]) -> dict[str, int]:
    """Waiting rows by queue, those of the trainings among them."""
    counts = dict.fromkeys((INTERACTIVE, STANDARD), 0)
    for each in waiting:
        counts[each.queue] += each.count
    return counts | {TRAINING_QUEUE: Generator.objects.filter(state=GeneratorState.QUEUED).count()}


def oldest_waits(waiting: Sequence[Waiting]) -> dict[str, float]:
    """Seconds that the first of those that wait in each queue of paintings has waited."""
    now = timezone.now()
    waits = dict.fromkeys((INTERACTIVE, STANDARD), 0.0)
    for each in waiting:
        waits[each.queue] = max(waits[each.queue], (now - each.oldest).total_seconds())
    return waits


def _running() -> QuerySet[Job]:
    return Job.objects.filter(state=State.RUNNING).select_related("owner", "style").order_by("started_at")


def _alive() -> list[Hand]:
    """Those that Redis knows of, under the names under which they take leases."""
    try:
        workers: list[Any] = Worker.all(connection=django_rq.get_connection(STANDARD))
    except RedisError:
        return []
    hands = [
        Hand(f"{worker.hostname}:{worker.pid}", worker.queue_names(), heard_at=worker.last_heartbeat)
        for worker in workers
    ]
    return sorted(hands, key=lambda hand: hand.name)
