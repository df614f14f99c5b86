"""One site on one machine: Valkey, workers, trainers and server as child processes that live and die together."""

from __future__ import annotations

import ctypes
import fcntl
import logging
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

import redis

from stylesite.shares import environments

logger = logging.getLogger(__name__)

READY_SECONDS = 60.0
POLL_SECONDS = 0.1
# Longer than a worker takes to finish an evaluation and write its checkpoint.
STOP_SECONDS = 15.0
# A worker that dies sooner than this after its start is not merely unlucky.
SHORTEST_LIFE_SECONDS = 10.0
MOST_SHORT_LIVES = 5
PR_SET_PDEATHSIG = 1


class SiteError(Exception):
    """The site cannot start or go on; the message is one sentence for the person who started it."""


class Stopped(Exception):
    """Whoever started the site has asked for its end."""


@dataclass
class Child:
    """A child process by the name people know it by."""

    name: str
    command: list[str]
    environment: dict[str, str] = field(default_factory=dict)
    process: subprocess.Popen[bytes] | None = None
    started_at: float = 0.0
    short_lives: int = 0

    def start(self) -> None:
        # A session of its own: Ctrl-C reaches the supervisor alone, which then stops its children in order.
        self.process = subprocess.Popen(
            self.command,
            env=os.environ | self.environment,
            start_new_session=True,
            preexec_fn=_die_with_parent,
            stdin=subprocess.DEVNULL,
        )
        self.started_at = time.monotonic()

    @property
    def is_alive(self) -> bool:
        return self.process is not None and self.process.poll() is None

    @property
    def has_left(self) -> bool:
        """Whether it ended of its own accord, as a worker does that has come to hold much memory."""
        return self.process is not None and self.process.poll() == 0

    def terminate(self) -> None:
        if self.process and self.is_alive:
            self.process.terminate()

    def wait_or_kill(self, seconds: float) -> None:
        if not self.process:
            return
        try:
            self.process.wait(timeout=seconds)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()


@dataclass
class Site:
    """The processes of one site; `start`, then `watch`, and `stop` whatever happens."""

    var_dir: Path
    host: str
    port: int
    workers: int
    trainers: int
    redis_url: str
    embeds_valkey: bool
    children: list[Child] = field(default_factory=list)
    lock: IO[str] | None = None
    must_stop: bool = False

    def ask_to_stop(self, *signal_and_frame: object) -> None:
        """A signal handler. `Stopped` is raised at the next pause, and not here: Python drops what a handler raises
        while a fork or a destructor is under way."""
        self.must_stop = True

    def claim(self) -> None:
        """Make sure of the folder and the port before anything is started. Raises `SiteError`."""
        self._lock_folder()
        check_port_is_free(self.host, self.port)

    def run(self, name: str, arguments: list[str]) -> int:
        """Run a child to its end; its exit status."""
        child = self._start(name, arguments)
        while child.is_alive:
            self._pause()
        self.children.remove(child)
        return child.process.returncode if child.process else 0

    def start_valkey(self) -> None:
        if self.embeds_valkey:
            self._start("Valkey", ["-m", "stylesite.embedded", str(self.var_dir)])
        self._wait_for("Valkey", self._queue_answers)

    def start_workers(self) -> None:
        shares = iter(environments(self.workers, self.trainers))
        for number in range(1, self.workers + 1):
            self._start(f"worker {number}", ["manage.py", "worker"], next(shares))
        for number in range(1, self.trainers + 1):
            self._start(f"trainer {number}", ["manage.py", "worker", "--queue", "training"], next(shares))
        # Workers send webhooks too, but not while they paint.
        self._start("messenger", ["manage.py", "worker", "--queue", "webhooks"])

    def start_server(self) -> None:
        options = ["--host", self.host, "--port", str(self.port), "--timeout-graceful-shutdown", "2"]
        options += ["--log-level", "warning", "--lifespan", "off"]
        self._start("web server", ["-m", "uvicorn", "stylesite.asgi:application", *options])
        self._wait_for("web server", self._is_healthy)

    def watch(self) -> None:
        """Restart workers that die, until `Stopped`; raise `SiteError` when the site cannot go on."""
        while True:
            self._pause()
            for child in self.children:
                if not child.is_alive:
                    self._revive(child)

    def stop(self) -> None:
        """Stop every child, the last started first, and wait until all are gone."""
        for child in reversed(self.children):
            if child.name != "Valkey":
                child.terminate()
        deadline = time.monotonic() + STOP_SECONDS
        for child in reversed(self.children):
            child.terminate()
            child.wait_or_kill(max(0.1, deadline - time.monotonic()))

    def _start(self, name: str, arguments: list[str], environment: dict[str, str] | None = None) -> Child:
        child = Child(name, [sys.executable, *arguments], environment or {})
        child.start()
        self.children.append(child)
        return child

    def _revive(self, child: Child) -> None:
        if not child.name.startswith(("worker", "trainer", "messenger")):
            raise SiteError(f"The {child.name} has stopped; its messages are above.")
        short = time.monotonic() - child.started_at < SHORTEST_LIFE_SECONDS and not child.has_left
        child.short_lives = child.short_lives + 1 if short else 0
        if child.short_lives >= MOST_SHORT_LIVES:
            raise SiteError(f"The {child.name} stops as soon as it starts; its messages are above.")
        if child.has_left:
            logger.info("%s has ended; a new one takes its place", child.name)
        else:
            logger.warning("%s stopped; it is started again", child.name)
        child.start()

    def _wait_for(self, name: str, is_ready: Callable[[], bool]) -> None:
        deadline = time.monotonic() + READY_SECONDS
        while not is_ready():
            if any(not child.is_alive for child in self.children if child.name == name):
                raise SiteError(f"The {name} did not start; its messages are above.")
            if time.monotonic() > deadline:
                raise SiteError(f"The {name} did not answer within {READY_SECONDS:.0f} seconds.")
            self._pause()

    def _pause(self) -> None:
        time.sleep(POLL_SECONDS)
        if self.must_stop:
            raise Stopped

    def _queue_answers(self) -> bool:
        try:
            return bool(redis.from_url(self.redis_url).ping())
        except redis.RedisError:
            return False

    def _is_healthy(self) -> bool:
        address = "127.0.0.1" if self.host in ("0.0.0.0", "::") else self.host
        try:
            with urllib.request.urlopen(f"http://{bracketed(address)}:{self.port}/healthz", timeout=5) as response:
                return bool(response.status == 200)
        except (urllib.error.URLError, OSError):
            return False

    def _lock_folder(self) -> None:
        """Hold the folder's lock for as long as this process lives, however it ends."""
        self.var_dir.mkdir(parents=True, exist_ok=True)
        self.lock = (self.var_dir / "up.lock").open("w")
        try:
            fcntl.flock(self.lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise SiteError(f"A site is already running from {self.var_dir}.") from error


def check_port_is_free(host: str, port: int) -> None:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise SiteError(
                f"Port {port} of {host} cannot be used ({error.strerror}); choose another: PORT=8080."
            ) from error


def bracketed(host: str) -> str:
    return f"[{host}]" if ":" in host else host


def _die_with_parent() -> None:
    """A child whose supervisor was killed outright is asked to stop by the kernel (Linux only)."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM, 0, 0, 0)
