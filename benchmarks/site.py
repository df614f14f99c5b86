"""A whole site of its own for a benchmark, which works on its rows as its services do."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx

PORT = 8765
URL = f"http://localhost:{PORT}"
START_SECONDS = 120
STOP_SECONDS = 30


@contextmanager
def own_site(workers: int) -> Iterator[subprocess.Popen[bytes]]:
    """`manage.py up` over an empty folder, with Django set up here on the same data. Once a process."""
    with tempfile.TemporaryDirectory(prefix="stylesite-benchmark-") as folder:
        os.environ |= {
            "VAR_DIR": folder,
            "PORT": str(PORT),
            "DJANGO_SETTINGS_MODULE": "stylesite.settings",
            "DAILY_PIXEL_STEPS_PER_USER": str(10**15),
            "UNFINISHED_JOBS_PER_USER": "1000",
            "LOG_LEVEL": "WARNING",
        }
        command = [sys.executable, "manage.py", "up", "--workers", str(workers), "--trainers", "0"]
        process = subprocess.Popen(command, cwd=Path(__file__).parent.parent, stdout=subprocess.DEVNULL)
        try:
            wait_until(lambda: _is_up(workers), START_SECONDS)
            import django

            django.setup()
            yield process
        finally:
            process.terminate()
            process.wait(STOP_SECONDS)


def wait_until(condition: Callable[[], bool], seconds: float, every: float = 0.5) -> None:
    """Ask `every` so many seconds, and not more often than must be: asking takes time from what is measured."""
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline:
            raise TimeoutError(f"still not so after {seconds} s")
        time.sleep(every)


def _is_up(workers: int) -> bool:
    try:
        return bool(httpx.get(f"{URL}/healthz").json()["workers"] >= workers)
    except (httpx.HTTPError, ValueError):
        return False
