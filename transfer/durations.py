"""How long jobs take on this machine: learnt from those that it has finished."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from django.core.cache import cache
from redis.exceptions import RedisError

from transfer.models import Job, State

LEARNT_FROM = 50
# How strongly each part of the first guess holds against what is learnt: as much as so many finished jobs.
GUESS_COUNTS = 0.25
PACE_KEY = "pace"


@dataclass(frozen=True)
class Pace:
    """Seconds of a job: for itself, for each of its steps, and for each of its pixel steps."""

    a_job: float
    a_step: float
    a_pixel_step: float

    def seconds(self, steps: int, pixel_steps: int) -> float:
        return self.a_job + self.a_step * steps + self.a_pixel_step * pixel_steps


# What two cores with bfloat16 take, where no worker has measured its own machine yet.
GUESS = Pace(a_job=0.5, a_step=0.01, a_pixel_step=1.7e-6)


def note_pace(a_step: float, a_pixel_step: float) -> None:
    """Keep what a worker has measured of the machine, as the first guess."""
    cache.set(PACE_KEY, (a_step, a_pixel_step), timeout=None)


def pace() -> Pace:
    """What the last finished jobs tell; the first guess counts like a few jobs."""
    measured = _measured()
    guess = Pace(GUESS.a_job, *measured) if measured else GUESS
    jobs = Job.objects.filter(state=State.SUCCEEDED, attempts=1, pixel_steps__gt=0, started_at__isnull=False)
    return fitted(guess, [Finished.of(job) for job in jobs.order_by("-finished_at")[:LEARNT_FROM]])


def _measured() -> tuple[float, float] | None:
    try:
        return cache.get(PACE_KEY)  # type: ignore[no-any-return]
    except RedisError:
        return None


@dataclass(frozen=True)
class Finished:
    """A job that has been painted in one go."""

    seconds: float
    steps: int
    pixel_steps: int

    @classmethod
    def of(cls, job: Job) -> Finished:
        return cls(max(job.run_time or 0, 0.01), job.total_steps, job.pixel_steps)


def fitted(guess: Pace, finished: Sequence[Finished]) -> Pace:
    """The pace with the least squared relative errors over the finished jobs, held near the guess times how much slower
    (or faster) than it they were in the median."""
    if not finished:
        return guess
    seconds = np.array([job.seconds for job in finished])
    work = np.array([(1.0, job.steps, job.pixel_steps) for job in finished])
    first = np.array([guess.a_job, guess.a_step, guess.a_pixel_step])
    first *= np.median(seconds / (work @ first))
    hold = np.sqrt(GUESS_COUNTS)
    relative = np.vstack([work * first / seconds[:, None], hold * np.eye(3)])
    factors, *_ = np.linalg.lstsq(relative, np.array([1.0] * len(work) + [hold] * 3), rcond=None)
    return Pace(*(first * factors.clip(0.1, 10)).tolist())
