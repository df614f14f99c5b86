"""The worker process: takes jobs one after another, keeps the network warm, and sweeps up after lost workers."""

from __future__ import annotations

import logging
import threading
from typing import Any

from django.conf import settings
from django.db import close_old_connections
from rq import SimpleWorker

import ml
from transfer import durations, leases, turns
from transfer.shutdown import shutting_down

logger = logging.getLogger(__name__)

SWEEP_SECONDS = 10.0


class Worker(SimpleWorker):
    """Runs jobs in this very process, since a forked child could not use CUDA and would load the network anew."""

    def perform_job(self, *args: Any, **kwargs: Any) -> bool:
        close_old_connections()
        turns.served.set(self.queue_names())
        try:
            return super().perform_job(*args, **kwargs)
        finally:
            close_old_connections()

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


def sweep_until(stop: threading.Event) -> None:
    """Sweep now, and every few seconds until `stop` is set."""
    while not stop.is_set():
        close_old_connections()
        try:
            leases.sweep()
        except leases.OUTAGES:
            logger.exception("the sweep could not reach the database; it tries again in %s s", SWEEP_SECONDS)
        finally:
            close_old_connections()
        stop.wait(SWEEP_SECONDS)
