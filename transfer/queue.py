"""Delivery of work to workers through RQ. Redis only delivers: how far the work is stands in its row."""

from __future__ import annotations

import logging
import re
import shutil
from collections.abc import Callable, Collection
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

import django_rq
from django.conf import settings
from redis.exceptions import RedisError

from transfer import notices, turns
from transfer.models import Generator, GeneratorState, Job, Leased, State
from transfer.models.generators import TRAINING_QUEUE, UNTRAINED
from transfer.models.jobs import INTERACTIVE, STANDARD, UNFINISHED

logger = logging.getLogger(__name__)

IS_UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")


@dataclass(frozen=True)
class Work:
    """A kind of work: its rows, and how they come to its workers."""

    model: type[Leased]
    under_way: str
    """The state of a row that a worker holds."""
    queues: tuple[str, ...]
    task: str
    """What RQ calls, and what takes the next row."""
    next_row: Callable[[Collection[str]], UUID | None]
    """The waiting row whose turn it is in some of the queues."""
    count_waiting: Callable[[str], int]
    """How many rows of a queue a worker could take now."""
    clear_away: Callable[[UUID], None]
    """Deletes what attempts left for later ones, if there will be none."""
    left_behind: Callable[[], list[UUID]]
    """Rows for which attempts have left something."""
    tell_end: Callable[[UUID], None]
    """Tells whoever wants to know that a row's work has ended."""


def deliver(work: Work, queue: str) -> None:
    """Wake a worker for one row more in `queue`. Which row it takes is decided when it takes it.

    Once too often does no harm: a worker that finds nothing goes back to sleep. Where Redis cannot be reached, the work
    waits in its row until a worker's sweep delivers it.
    """
    try:
        django_rq.get_queue(queue).enqueue(work.task, result_ttl=0, failure_ttl=0)
    except RedisError:
        logger.exception("work in the queue %s could not be delivered; the next sweep will do it", queue)


def top_up(work: Work) -> None:
    """See to it that Redis holds a delivery for every row that waits."""
    for queue in work.queues:
        waiting = work.count_waiting(queue)
        try:
            held = django_rq.get_queue(queue).count
        except RedisError:
            logger.exception("the queue %s cannot be read; what waits is delivered by a later sweep", queue)
            return
        for _ in range(waiting - held):
            deliver(work, queue)


def checkpoint_path(job_id: UUID) -> Path:
    """Where the attempts at a job leave their checkpoint for the next one."""
    return Path(settings.CHECKPOINT_DIR) / f"{job_id}.safetensors"


def discard_checkpoint(job_id: UUID) -> None:
    """The checkpoint, the frames beside it, and what a worker that was killed had written of the next ones."""
    path = checkpoint_path(job_id)
    for file in path.parent.glob(f"{path.name}*"):
        file.unlink(missing_ok=True)


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
    names = {path.name.partition(".")[0] for path in folder.iterdir()} if folder.exists() else set()
    return [UUID(name) for name in names if IS_UUID.fullmatch(name)]


PAINTING = Work(
    model=Job,
    under_way=State.RUNNING,
    queues=(INTERACTIVE, STANDARD),
    task="transfer.jobs.run",
    next_row=turns.next_job,
    count_waiting=turns.count_takeable,
    clear_away=_clear_away_job,
    left_behind=lambda: _ids_in(Path(settings.CHECKPOINT_DIR)),
    tell_end=notices.job_ended,
)
# A queue of its own, so that a training of days never stands before a painting of minutes.
TRAINING = Work(
    model=Generator,
    under_way=GeneratorState.TRAINING,
    queues=(TRAINING_QUEUE,),
    task="transfer.trainings.run",
    next_row=turns.next_training,
    count_waiting=turns.count_trainings,
    clear_away=_clear_away_training,
    left_behind=lambda: _ids_in(Path(settings.TRAINING_DIR)),
    tell_end=notices.nobody,
)
