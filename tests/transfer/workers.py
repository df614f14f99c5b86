"""Workers for tests: in this process, or in one of their own."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

import django_rq
from django.conf import settings as site_settings
from django.db import connection

from tests.live import ROOT
from transfer.queue import PAINTING
from transfer.worker import Worker


def work(*queues: str) -> None:
    """Run everything in the queues, as a worker process would; without, every painting."""
    django_rq.get_worker(*(queues or PAINTING.queues), worker_class=Worker).work(burst=True)


def start_worker(*options: str, **settings: str) -> subprocess.Popen[bytes]:
    """`manage.py worker` on the test's own database."""
    return start("manage.py", "worker", *options, **settings)


def start(*command: str, **settings: str) -> subprocess.Popen[bytes]:
    """Python on the test's own database."""
    environment = os.environ | {
        "DJANGO_SETTINGS_MODULE": "tests.worker_settings",
        "TEST_DATABASE": str(connection.settings_dict["NAME"]),
        "VAR_DIR": str(site_settings.VAR_DIR),
    }
    return subprocess.Popen([sys.executable, *command], cwd=ROOT, env=environment | settings)


@contextmanager
def worker_process(*options: str, **settings: str) -> Iterator[subprocess.Popen[bytes]]:
    """One that is killed at the end if it has not stopped by then."""
    process = start_worker(*options, **settings)
    try:
        yield process
    finally:
        process.kill()
        process.wait()
