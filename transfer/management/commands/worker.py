"""`manage.py worker`: run one worker process."""

from __future__ import annotations

import os
import threading
from collections.abc import Sequence
from typing import Any

import django_rq
from django.core.management.base import BaseCommand, CommandError, CommandParser
from redis.exceptions import ConnectionError as RedisConnectionError

from accounts.webhooks import QUEUE as WEBHOOKS
from transfer.leaving import leave_in_time
from transfer.queue import PAINTING, TRAINING
from transfer.sweeping import sweep_until
from transfer.worker import Worker, warm_up

# A training may take days; whoever waits for a painting or a page goes first.
TRAINER_NICENESS = 10


class Command(BaseCommand):
    help = "Paint the queued jobs, send webhooks, or train the queued generators, one after another, until stopped."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--burst", action="store_true", help="stop when the queue is empty")
        parser.add_argument(
            "--queue",
            nargs="+",
            choices=[*PAINTING.queues, WEBHOOKS, *TRAINING.queues],
            # The last, for a receiver may be slow, and no painting shall wait for one.
            default=[*PAINTING.queues, WEBHOOKS],
            help="interactive (drafts), standard (other paintings), webhooks, training (%(default)s)",
        )

    def handle(self, *args: Any, burst: bool, queue: Sequence[str], **options: Any) -> None:
        stop_sweeping = threading.Event()
        try:
            if set(queue) & set(PAINTING.queues):
                warm_up()
            elif set(queue) <= set(TRAINING.queues):
                # PyTorch is loaded by the first training: an idle trainer shall cost little.
                os.nice(TRAINER_NICENESS)
            threading.Thread(target=sweep_until, args=[stop_sweeping], name="sweeper", daemon=True).start()
            worker = django_rq.get_worker(*queue, worker_class=Worker)  # type: ignore[type-var]
            leave_in_time(worker)
            # Of a delivery RQ knows an id of its own, which nobody can look up.
            worker.work(burst=burst, logging_level="WARNING")
        except RedisConnectionError as error:
            raise CommandError(f"the queue at REDIS_URL cannot be reached: {error}") from error
        finally:
            stop_sweeping.set()
