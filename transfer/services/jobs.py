"""Submitting jobs, and what their owners do with them afterwards."""

from __future__ import annotations

import logging
import uuid
from dataclasses import dataclass
from functools import partial

from django.conf import settings
from django.db import transaction
from django.db.models import RestrictedError
from django.utils import timezone

from accounts.models import User
from accounts.quotas import limits_of
from transfer import events, queue
from transfer.engine import price
from transfer.errors import BatchTooLarge, InGallery, OtherOrder, QueueFull, TooManyJobs, WrongState
from transfer.logs import about
from transfer.models import Generator, Job, Photo, State, Style
from transfer.models.jobs import RETRYABLE, UNFINISHED
from transfer.queue import PAINTING
from transfer.spending import charge, check_share, settle

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Order:
    """The settings of one job, as people choose them."""

    preset: str
    size: int
    style_strength: float
    brush_size: float
    colours: str
    init: str
    generator: Generator | None
    gan_strength: float
    seed: int


def submitted_job(*, owner: User, submission: uuid.UUID, digest: str | None = None) -> Job | None:
    """The job that this very form has made already, if it has. Raises `OtherOrder` where that was of another digest."""
    job = Job.objects.filter(owner=owner, submission=submission).first()
    if job and digest is not None and job.order_digest != digest:
        raise OtherOrder
    return job


@transaction.atomic
def submit_job(
    *,
    owner: User,
    photo: Photo,
    style: Style,
    order: Order,
    submission: uuid.UUID,
    digest: str = "",
    batch: uuid.UUID | None = None,
    variation_of: Job | None = None,
) -> Job:
    """Queue one job; the same `submission` again, with the same `digest` of what was sent, gives the same job.

    Raises `TooManyJobs`, `ShareUsedUp`, `LargerThanTheShare`, `QueueFull` and `OtherOrder`.
    """
    # Locking the person makes their submissions take turns, so that neither rule below can be raced.
    User.objects.select_for_update().get(pk=owner.pk)
    if earlier := submitted_job(owner=owner, submission=submission, digest=digest):
        return earlier
    check_room(owner=owner)
    job = Job(owner=owner, photo=photo, style=style, **vars(order), state=State.QUEUED)
    job.submission, job.order_digest = submission, digest
    job.batch, job.variation_of = batch, variation_of
    job.total_steps, job.pixel_steps = price(job)
    check_share(owner, job.pixel_steps)
    job.save()
    charge(job, job.pixel_steps)
    _note(job, "submitted")
    transaction.on_commit(partial(queue.deliver, PAINTING, job.queue))
    return job


@transaction.atomic
def cancel_job(*, job: Job) -> None:
    """Cancel a waiting or running job. Its worker, having lost the lease, stops at its next report."""
    cancelled = Job.objects.filter(pk=job.pk, state__in=UNFINISHED).update(
        state=State.CANCELLED, token=None, seconds_left=None, finished_at=timezone.now()
    )
    if not cancelled:
        raise WrongState
    _note(job, "cancelled")
    PAINTING.tell_end(job.pk)
    transaction.on_commit(partial(queue.discard_checkpoint, job.pk))
    transaction.on_commit(partial(events.announce, job.pk))


@transaction.atomic
def retry_job(*, job: Job) -> None:
    """Queue a failed or cancelled job again; it starts anew. Raises `WrongState`, and what `submit_job` raises."""
    User.objects.select_for_update().get(pk=job.owner_id)
    check_room(owner=job.owner)
    check_share(job.owner, job.pixel_steps)
    again = Job.objects.filter(pk=job.pk, state__in=RETRYABLE).update(
        state=State.QUEUED,
        failure="",
        failure_detail="",
        attempts=0,
        step=0,
        fraction=0.0,
        loss=None,
        curve=[],
        seconds_left=None,
        started_at=None,
        finished_at=None,
    )
    if not again:
        raise WrongState
    _note(job, "to be tried again")
    charge(job, job.pixel_steps)
    transaction.on_commit(partial(queue.deliver, PAINTING, job.queue))


@transaction.atomic
def delete_job(*, job: Job) -> None:
    """Delete a finished job with all it made. Raises `WrongState` while it runs, `InGallery` while it is published."""
    job = Job.objects.select_for_update().get(pk=job.pk)
    if job.is_unfinished:
        raise WrongState
    transaction.on_commit(partial(queue.discard_checkpoint, job.pk))
    settle(job)
    _note(job, "to be deleted")
    try:
        job.delete()
    except RestrictedError as error:
        raise InGallery from error


def _note(job: Job, event: str) -> None:
    """In the log, with whose the job is."""
    with about("job", job.pk):
        logger.info("%s, of user %s", event, job.owner_id)


def check_room(*, owner: User, jobs: int = 1) -> None:
    """Whether the owner, and the site, may have so many more unfinished jobs.

    Raises `TooManyJobs`, `BatchTooLarge` and `QueueFull`.
    """
    room = limits_of(owner).unfinished_jobs - Job.objects.filter(owner=owner, state__in=UNFINISHED).count()
    if room <= 0:
        raise TooManyJobs
    if room < jobs:
        raise BatchTooLarge(room)
    if Job.objects.filter(state=State.QUEUED).count() + jobs > settings.WAITING_JOBS_MAX:
        raise QueueFull
