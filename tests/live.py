"""A whole site in processes of its own, started as a person would start it."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.parse
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

import httpx
import psycopg2
import redis

from tests.parallel import redis_urls_for_sites

ROOT = Path(__file__).resolve().parent.parent
START_SECONDS = 120
STOP_SECONDS = 30
T = TypeVar("T")


@dataclass
class LiveSite:
    """A running site: its address, its `manage.py up` process, what it printed, and its environment."""

    url: str
    process: subprocess.Popen[bytes]
    output: Path
    environment: dict[str, str]

    def printed(self) -> str:
        return self.output.read_text(errors="replace")

    def manage(self, *arguments: str) -> str:
        """Run a management command on the site's data; what it printed."""
        command = [sys.executable, "manage.py", *arguments]
        return subprocess.run(
            command, cwd=ROOT, env=self.environment, check=True, capture_output=True, text=True
        ).stdout


@contextmanager
def live_site(folder: Path, **settings: str) -> Iterator[LiveSite]:
    """Run `manage.py up` over an empty folder and database until the block ends."""
    port = free_port()
    with fresh_database(folder) as database_url, own_redis_database() as redis_url:
        environment = os.environ | {
            "DJANGO_SETTINGS_MODULE": "stylesite.settings",
            "VAR_DIR": str(folder / "var"),
            "DATABASE_URL": database_url,
            "PORT": str(port),
            # Tests hang their own works.
            "SEED_GALLERY": "false",
            "PYTHONUNBUFFERED": "1",
        }
        environment |= redis_url | settings
        output = folder / "up.log"
        site = LiveSite(f"http://localhost:{port}", start_up(environment, output), output, environment)
        try:
            wait_until(lambda: "is up" in site.printed() or site.process.poll() is not None, START_SECONDS)
            assert site.process.poll() is None, site.printed()
            yield site
        finally:
            stop_up(site.process)


def start_up(environment: dict[str, str], output: Path) -> subprocess.Popen[bytes]:
    with output.open("wb") as log:
        return subprocess.Popen(
            [sys.executable, "manage.py", "up"], cwd=ROOT, env=environment, stdout=log, stderr=subprocess.STDOUT
        )


def stop_up(process: subprocess.Popen[bytes]) -> int:
    """Press Ctrl-C, so to speak, and wait."""
    if process.poll() is None:
        process.send_signal(signal.SIGINT)
    return process.wait(timeout=STOP_SECONDS)


@contextmanager
def fresh_database(folder: Path) -> Iterator[str]:
    """An empty database of the kind that DATABASE_URL names: a file for SQLite, a new database for PostgreSQL."""
    server = os.environ.get("DATABASE_URL", "")
    if not server.startswith("postgres"):
        yield f"sqlite:///{folder / 'live.sqlite3'}"
        return
    name = f"stylesite_live_{uuid.uuid4().hex[:12]}"
    on_server(server, f'CREATE DATABASE "{name}"')
    try:
        yield urllib.parse.urlsplit(server)._replace(path=f"/{name}").geturl()
    finally:
        on_server(server, f'DROP DATABASE "{name}" WITH (FORCE)')


@contextmanager
def own_redis_database() -> Iterator[dict[str, str]]:
    """Where REDIS_URL names a server, another of its sixteen databases, so that no other site takes our jobs: emptied,
    for its last site may have left workers that were killed and count as alive for minutes."""
    if not (url := os.environ.get("REDIS_URL")):
        yield {}
        return
    own = (redis_urls_for_sites(url) - _taken_redis_urls).pop()
    _taken_redis_urls.add(own)
    redis.from_url(own).flushdb()
    try:
        yield {"REDIS_URL": own}
    finally:
        _taken_redis_urls.remove(own)


_taken_redis_urls: set[str] = set()


def on_server(url: str, statement: str) -> None:
    connection = psycopg2.connect(urllib.parse.urlsplit(url)._replace(path="/postgres").geturl())
    connection.autocommit = True
    try:
        connection.cursor().execute(statement)
    finally:
        connection.close()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_until(condition: Callable[[], T], seconds: float) -> T:
    """The condition's first true value, asked for often. Fails after `seconds`."""
    deadline = time.monotonic() + seconds
    while not (value := condition()):
        assert time.monotonic() < deadline, f"still not so after {seconds} s"
        time.sleep(0.05)
    return value


class Visitor(httpx.Client):
    """A person at the site, whose forms carry the CSRF token as a browser's do."""

    def __init__(self, site: LiveSite) -> None:
        super().__init__(base_url=site.url, follow_redirects=True, timeout=60)

    def submit(self, address: str, data: dict[str, str], files: object = None) -> httpx.Response:
        token = self.cookies.get("csrftoken") or self._fetch_token()
        fields = {"csrfmiddlewaretoken": token, **data}
        return self.post(address, data=fields, files=files, headers={"Referer": f"{self.base_url}"})  # type: ignore[arg-type]

    def _fetch_token(self) -> str:
        self.get("/accounts/login/")
        return self.cookies["csrftoken"]

    def sign_up(self, name: str, password: str) -> httpx.Response:
        return self.submit(
            "/accounts/signup/", {"username": name, "email": f"{name}@example.org", "password1": password}
        )
