"""Delivery of jobs to workers through RQ. Redis only delivers: what a job is stands in its row."""

from __future__ import annotations

import logging
import uuid
from collections.abc import Iterable
from pathlib import Path
from uuid import UUID

import django_rq
from django.conf import settings
from redis.exceptions import RedisError

logger = logging.getLogger(__name__)

UUID_LENGTH = 36


def deliver(job_id: UUID) -> None:
    """Put the job before the workers.

    Delivering twice does no harm, for only one worker gets the lease. Where Redis cannot be reached, the job waits in
    its row until a worker's sweep delivers it.
    """
    # A delivery has a name of its own: a job handed back is delivered anew before the old delivery has ended.
    delivery = f"{job_id}-{uuid.uuid4().hex[:8]}"
    try:
        queue = django_rq.get_queue("default")
        queue.enqueue("transfer.jobs.run", str(job_id), job_id=delivery, result_ttl=0, failure_ttl=0)
    except RedisError:
        logger.exception("job %s could not be delivered; the next sweep will do it", job_id)


def deliver_missing(job_ids: Iterable[UUID]) -> None:
    """Deliver those of the waiting jobs that Redis does not hold (any more)."""
    try:
        held = {delivery[:UUID_LENGTH] for delivery in django_rq.get_queue("default").job_ids}
    except RedisError:
        logger.exception("the queue cannot be read; waiting jobs are delivered by a later sweep")
        return
    for job_id in job_ids:
        if str(job_id) not in held:
            deliver(job_id)


def checkpoint_path(job_id: UUID) -> Path:
    """Where the attempts at a job leave their checkpoint for the next one."""
    return Path(settings.CHECKPOINT_DIR) / f"{job_id}.safetensors"


def discard_checkpoint(job_id: UUID) -> None:
    checkpoint_path(job_id).unlink(missing_ok=True)
