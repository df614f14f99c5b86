"""Delivery of work to workers through RQ. Redis only delivers: how far the work is stands in its row."""

from __future__ import annotations

import logging
import re
import shutil
import uuid
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

import django_rq
from django.conf import settings
from redis.exceptions import RedisError

from transfer.models import Generator, GeneratorState, Job, Leased, State
from transfer.models.generators import UNTRAINED
from transfer.models.jobs import UNFINISHED

logger = logging.getLogger(__name__)

UUID_LENGTH = 36
IS_UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")


@dataclass(frozen=True)
class Work:
    """A kind of work: its rows, and how they come to its workers."""

    model: type[Leased]
    under_way: str
    """The state of a row that a worker holds."""
    queue: str
    task: str
    """What RQ calls with the row's id."""
    clear_away: Callable[[UUID], None]
    """Deletes what attempts left for later ones, if there will be none."""
    left_behind: Callable[[], list[UUID]]
    """Rows for which attempts have left something."""


def deliver(work: Work, row_id: UUID) -> None:
    """Put the row before the workers.

    Delivering twice does no harm, for only one worker gets the lease. Where Redis cannot be reached, the work waits in
    its row until a worker's sweep delivers it.
    """
    # A delivery has a name of its own: work handed back is delivered anew before the old delivery has ended.
    delivery = f"{row_id}-{uuid.uuid4().hex[:8]}"
    try:
        queue = django_rq.get_queue(work.queue)
        queue.enqueue(work.task, str(row_id), job_id=delivery, result_ttl=0, failure_ttl=0)
    except RedisError:
        logger.exception("%s could not be delivered; the next sweep will do it", row_id)


def deliver_missing(work: Work, row_ids: Iterable[UUID]) -> None:
    """Deliver those of the waiting rows that Redis does not hold (any more)."""
    try:
        held = {delivery[:UUID_LENGTH] for delivery in django_rq.get_queue(work.queue).job_ids}
    except RedisError:
        logger.exception("the queue cannot be read; what waits is delivered by a later sweep")
        return
    for row_id in row_ids:
        if str(row_id) not in held:
            deliver(work, row_id)


def checkpoint_path(job_id: UUID) -> Path:
    """Where the attempts at a job leave their checkpoint for the next one."""
    return Path(settings.CHECKPOINT_DIR) / f"{job_id}.safetensors"


def discard_checkpoint(job_id: UUID) -> None:
    checkpoint_path(job_id).unlink(missing_ok=True)


def run_folder(generator_id: UUID) -> Path:
    """Where a training keeps its checkpoint, its log and the best generator so far."""
    return Path(settings.TRAINING_DIR) / str(generator_id)


def discard_run(generator_id: UUID) -> None:
    shutil.rmtree(run_folder(generator_id), ignore_errors=True)


def _clear_away_job(job_id: UUID) -> None:
    if not Job.objects.filter(pk=job_id, state__in=UNFINISHED).exists():
        discard_checkpoint(job_id)


def _clear_away_training(generator_id: UUID) -> None:
    """One that was cancelled or has failed can still be resumed."""
    if not Generator.objects.filter(pk=generator_id, state__in=UNTRAINED).exists():
        discard_run(generator_id)


def _ids_in(folder: Path) -> list[UUID]:
    names = [path.stem for path in folder.iterdir()] if folder.exists() else []
    return [UUID(name) for name in names if IS_UUID.fullmatch(name)]


PAINTING = Work(
    model=Job,
    under_way=State.RUNNING,
    queue="default",
    task="transfer.jobs.run",
    clear_away=_clear_away_job,
    left_behind=lambda: _ids_in(Path(settings.CHECKPOINT_DIR)),
)
# A queue of its own, so that a training of days never stands before a painting of minutes.
TRAINING = Work(
    model=Generator,
    under_way=GeneratorState.TRAINING,
    queue="training",
    task="transfer.trainings.run",
    clear_away=_clear_away_training,
    left_behind=lambda: _ids_in(Path(settings.TRAINING_DIR)),
)
