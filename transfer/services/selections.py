"""What people do with several of their jobs at once: each job is a wish of its own, and one that is refused stops no
other."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from transfer.errors import Refused
from transfer.models import Job
from transfer.services.jobs import cancel_job, delete_job, retry_job


@dataclass
class Outcome:
    """What became of a selection."""

    done: int = 0
    refusals: list[Refused] = field(default_factory=list)


def cancel_jobs(*, jobs: Iterable[Job]) -> Outcome:
    """Cancel those that wait or run."""
    return _each(cancel_job, jobs)


def retry_jobs(*, jobs: Iterable[Job]) -> Outcome:
    """Queue those that failed or were cancelled again, as far as there is room for them."""
    return _each(retry_job, jobs)


def delete_jobs(*, jobs: Iterable[Job]) -> Outcome:
    """Delete those that have ended and are not published."""
    return _each(delete_job, jobs)


def _each(service: Callable[..., None], jobs: Iterable[Job]) -> Outcome:
    outcome = Outcome()
    for job in jobs:
        try:
            service(job=job)
            outcome.done += 1
        except Refused as refusal:
            outcome.refusals.append(refusal)
        except Job.DoesNotExist:
            continue  # Deleted in another window meanwhile.
    return outcome
