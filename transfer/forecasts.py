"""When the jobs that wait will start and end."""

from __future__ import annotations

import heapq
import logging
from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from uuid import UUID

import django_rq
from django.conf import settings
from django.core.cache import cache
from django.db.models import Max
from redis.exceptions import RedisError
from rq import Worker

from accounts.models import Quota
from transfer.durations import Pace, pace
from transfer.models import Job, Preset, State
from transfer.models.jobs import STANDARD

logger = logging.getLogger(__name__)

# A queue changes while it is looked at; nobody sees a forecast that is older.
FORECAST_SECONDS = 2
FORECASTS_KEY = "forecasts"
# The share of its work from which on a running job's own pace is all that counts.
OWN_PACE_FROM = 0.25
# The key of a job that has not been submitted.
WISH = UUID(int=0)


@dataclass(frozen=True)
class Forecast:
    """Of a waiting job, in seconds from now, and its place among those that wait: 1 is the next."""

    place: int
    starts_in: float
    ends_in: float


@dataclass(frozen=True)
class Waiting:
    """What a forecast has to know of a waiting job."""

    key: UUID
    owner: int
    is_draft: bool
    seconds: float


@dataclass
class Turns:
    """What a forecast has to know of the people: who runs how many jobs, up to how many, and had the last one when."""

    running: Counter[int]
    limits: dict[int, int]
    last_started: dict[int, float]
    queues: dict[int, list[Waiting]] = field(default_factory=dict)

    def next(self) -> Waiting | None:
        """As `turns.next_job` decides."""
        able = [
            o for o, queue in self.queues.items() if queue and self.running[o] < self.limits.get(o, default_limit())
        ]
        if not able:
            return None
        owner = min(able, key=lambda o: (self.running[o], self.last_started.get(o, float("-inf")), self._rank(o)))
        return self.queues[owner].pop(0)

    def _rank(self, owner: int) -> bool:
        return not self.queues[owner][0].is_draft


def default_limit() -> int:
    return int(settings.RUNNING_JOBS_PER_USER)


def forecast_of_waiting(job_id: UUID) -> Forecast | None:
    """None where the job does not wait, and while Redis, which keeps the forecasts for a moment, is away."""
    return forecasts_of_waiting([job_id]).get(job_id)


def forecasts_of_waiting(job_ids: Collection[UUID]) -> dict[UUID, Forecast]:
    """Those of the jobs that wait; none while Redis is away."""
    try:
        kept: dict[UUID, Forecast] = cache.get(FORECASTS_KEY) or {}
        if not kept.keys() >= set(job_ids):
            kept = forecasts()
            cache.set(FORECASTS_KEY, kept, FORECAST_SECONDS)
    except RedisError:
        logger.warning("no forecasts while Redis is away", exc_info=True)
        return {}
    return kept


def forecasts() -> dict[UUID, Forecast]:
    """Of every waiting job that will get its turn."""
    return _forecasts([])


def forecast_of(owner: int, preset: str, steps: int, pixel_steps: int) -> Forecast | None:
    """Of a job that is not submitted yet; None where its owner may run none."""
    wish = Job(pk=WISH, owner_id=owner, preset=preset, total_steps=steps, pixel_steps=pixel_steps)
    return _forecasts([wish]).get(WISH)


def _forecasts(wishes: Sequence[Job]) -> dict[UUID, Forecast]:
    learnt = pace()
    queued = Job.objects.filter(state=State.QUEUED).order_by("created_at")
    jobs = [*queued.only("owner", "preset", "total_steps", "pixel_steps"), *wishes]
    waiting = [
        Waiting(job.pk, job.owner_id, job.preset == Preset.DRAFT, learnt.seconds(job.total_steps, job.pixel_steps))
        for job in jobs
    ]
    running = [(_left(job, learnt), job.owner_id) for job in Job.objects.filter(state=State.RUNNING)]
    return simulated(waiting, running, _turns_of(waiting, running), workers())


def _left(job: Job, learnt: Pace) -> float:
    """Seconds of a running job: as is usual at first, and more and more by its own pace, which its first steps, taken
    on the smallest scale, tell little of."""
    usual = (1 - job.fraction) * learnt.seconds(job.total_steps, job.pixel_steps)
    if job.seconds_left is None:
        return usual
    own = min(1.0, job.fraction / OWN_PACE_FROM)
    return own * job.seconds_left + (1 - own) * usual


def simulated(
    waiting: Sequence[Waiting], running: Sequence[tuple[float, int]], people: Turns, workers: int
) -> dict[UUID, Forecast]:
    """Let the workers take jobs as they will, each for as long as it is expected to take. `waiting` is in the order of
    submission; `running` has the seconds left and the owner of each running job."""
    for job in sorted(waiting, key=lambda job: not job.is_draft):
        people.queues.setdefault(job.owner, []).append(job)
    events = list(running)
    heapq.heapify(events)
    idle, now = max(workers, len(running), 1) - len(running), 0.0
    found: dict[UUID, Forecast] = {}
    while True:
        while idle and (taken := people.next()):
            idle -= 1
            people.running[taken.owner] += 1
            people.last_started[taken.owner] = now
            heapq.heappush(events, (now + taken.seconds, taken.owner))
            found[taken.key] = Forecast(len(found) + 1, now, now + taken.seconds)
        if not events:
            return found
        now, owner = heapq.heappop(events)
        people.running[owner] -= 1
        idle += 1


def workers() -> int:
    """Workers alive that take any painting; at least one, or nothing could be said."""
    try:
        return max(1, Worker.count(queue=django_rq.get_queue(STANDARD)))
    except RedisError:
        return 1


def _turns_of(waiting: Sequence[Waiting], running: Sequence[tuple[float, int]]) -> Turns:
    owners = {job.owner for job in waiting}
    own = Quota.objects.filter(user__in=owners, running_jobs__isnull=False).values_list("user", "running_jobs")
    started = Job.objects.filter(owner__in=owners, started_at__isnull=False).order_by().values("owner")
    last = started.annotate(last=Max("started_at")).values_list("owner", "last")
    latest = max((at for _, at in last), default=None)
    return Turns(
        Counter(owner for _, owner in running),
        {owner: limit for owner, limit in own if limit is not None},
        {owner: (at - latest).total_seconds() - 1 for owner, at in last if latest},
    )
