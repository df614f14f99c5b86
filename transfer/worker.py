"""The worker process: takes jobs one after another, and keeps the network warm."""

from __future__ import annotations

import logging
from typing import Any

import psutil
from django.conf import settings
from django.db import close_old_connections
from redis.client import Pipeline
from rq import SimpleWorker, worker_registration
from rq.exceptions import InvalidJobOperation

import ml
from transfer import durations, turns

logger = logging.getLogger(__name__)


class Worker(SimpleWorker):
    """Runs jobs in this very process, since a forked child could not use CUDA and would load the network anew."""

    def perform_job(self, *args: Any, **kwargs: Any) -> bool:
        close_old_connections()
        turns.served.set(self.queue_names())
        try:
            return super().perform_job(*args, **kwargs)
        except InvalidJobOperation:
            # Emptied meanwhile, Redis holds nothing of the delivery any more; how the job ended stands in its row.
            logger.warning("Redis has forgotten what this worker was doing", exc_info=True)
            return False
        finally:
            close_old_connections()
            self._leave_if_large()

    def _leave_if_large(self) -> None:
        """What allocators keep after a large picture is given back by ending: whoever started this worker starts it
        again."""
        held = psutil.Process().memory_info().rss // 2**20
        if held > settings.WORKER_MEMORY_MB:
            logger.info("holding %d MB while idle, this worker ends", held)
            self._stop_requested = True

    def heartbeat(self, timeout: int | None = None, pipeline: Pipeline | None = None) -> None:
        """Puts the worker on the list of those alive, too, from which an emptied Redis has lost it."""
        super().heartbeat(timeout, pipeline)
        worker_registration.register(self, pipeline)


def warm_up() -> None:
    """Load the network before the first job asks for it, and see how fast it is here."""
    try:
        pace = ml.pace_of(ml.load_network(device=settings.DEVICE, precision=settings.PRECISION))
    except ml.WeightsMissing as error:
        logger.error("%s", error)
    else:
        durations.note_pace(pace.fixed, pace.a_pixel)
