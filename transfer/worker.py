"""The worker process: takes jobs one after another, and keeps the network warm."""

from __future__ import annotations

import logging
from typing import Any

from django.conf import settings
from django.db import close_old_connections
from redis.client import Pipeline
from rq import SimpleWorker, worker_registration
from rq.exceptions import InvalidJobOperation

import ml
from transfer import durations, turns
from transfer.shutdown import shutting_down

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

    def heartbeat(self, timeout: int | None = None, pipeline: Pipeline | None = None) -> None:
        """Puts the worker on the list of those alive, too, from which an emptied Redis has lost it."""
        super().heartbeat(timeout, pipeline)
        worker_registration.register(self, pipeline)

    def handle_warm_shutdown_request(self) -> None:
        """Asked to stop (SIGTERM, Ctrl-C): the job in hand writes its checkpoint and goes back to the queue."""
        super().handle_warm_shutdown_request()  # type: ignore[no-untyped-call]
        shutting_down.set()


def warm_up() -> None:
    """Load the network before the first job asks for it, and see how fast it is here."""
    try:
        pace = ml.pace_of(ml.load_network(device=settings.DEVICE, precision=settings.PRECISION))
    except ml.WeightsMissing as error:
        logger.error("%s", error)
    else:
        durations.note_pace(pace.fixed, pace.a_pixel)
