"""Submitting jobs, and what their owners do with them afterwards."""

from __future__ import annotations

import logging
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

from django.conf import settings
from django.db import transaction
from django.db.models import RestrictedError
from django.utils import timezone
from PIL import Image

from accounts.models import User
from accounts.quotas import limits_of
from transfer import events, queue
from transfer.engine import price
from transfer.errors import BatchTooLarge, InGallery, OtherOrder, QueueFull, TooManyJobs, WrongState
from transfer.logs import about
from transfer.masks import check_painted, fitted, mask_of
from transfer.models import Generator, Job, Paint, Photo, State, Style
from transfer.models.jobs import RETRYABLE, UNFINISHED
from transfer.models.paints import MOST_WEIGHT
from transfer.queue import PAINTING
from transfer.spending import charge, check_share, settle
from transfer.uploads import as_png

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


@dataclass(frozen=True)
class Ingredient:
    """One style of a painting: its weight beside the others', and where it goes; everywhere without a mask."""

    style: Style
    weight: int = MOST_WEIGHT // 2
    mask: Image.Image | None = None


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
    mix: Sequence[Ingredient] = (),
    batch: uuid.UUID | None = None,
    variation_of: Job | None = None,
) -> Job:
    """Queue one job; the same `submission` again, with the same `digest` of what was sent, gives the same job.

    `mix` names every style, `style` first, where there are several, or where one is not to go everywhere.
    Raises `TooManyJobs`, `ShareUsedUp`, `LargerThanTheShare`, `QueueFull`, `OtherOrder`, `MisfitMask` and
    `NothingPainted`.
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
    _add_paints(job, mix)
    charge(job, job.pixel_steps)
    _note(job, "submitted")
    transaction.on_commit(partial(queue.deliver, PAINTING, job.queue))
    return job


def mix_of(job: Job) -> list[Ingredient]:
    """What `submit_job` was told of the job's styles."""
    return [Ingredient(paint.style, paint.weight, mask_of(paint)) for paint in job.paints.select_related("style")]


def _add_paints(job: Job, mix: Sequence[Ingredient]) -> None:
    masks = [ingredient.mask and fitted(ingredient.mask, job.photo) for ingredient in mix]
    if len(mix) < 2 and not any(masks):
        return
    check_painted(masks)
    for position, (ingredient, mask) in enumerate(zip(mix, masks, strict=True)):
        paint = Paint(job=job, style=ingredient.style, position=position, weight=ingredient.weight)
        if mask:
            file = as_png(mask)
            paint.mask.save(f"masks/{file.name}", file, save=False)
        paint.save()


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
