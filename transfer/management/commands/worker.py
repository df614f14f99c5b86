"""`manage.py worker`: run one worker process."""

from __future__ import annotations

import threading
from typing import Any

import django_rq
from django.core.management.base import BaseCommand, CommandError, CommandParser
from redis.exceptions import ConnectionError as RedisConnectionError

from transfer.worker import Worker, sweep_until, warm_up


class Command(BaseCommand):
    help = "Paint the queued jobs, one after another, until stopped."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--burst", action="store_true", help="stop when the queue is empty")

    def handle(self, *args: Any, burst: bool, **options: Any) -> None:
        stop_sweeping = threading.Event()
        warm_up()
        threading.Thread(target=sweep_until, args=[stop_sweeping], name="sweeper", daemon=True).start()
        try:
            django_rq.get_worker("default", worker_class=Worker).work(burst=burst)  # type: ignore[type-var]
        except RedisConnectionError as error:
            raise CommandError(f"the queue at REDIS_URL cannot be reached: {error}") from error
        finally:
            stop_sweeping.set()
