"""A whole site in processes of its own, started as a person would start it."""

from __future__ import annotations

import atexit
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TypeVar

import httpx

from tests.databases import drop_database, is_on_postgres, new_database, own_database, own_redis_database

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
        return manage(self.environment, *arguments)


@contextmanager
def live_site(folder: Path, *, from_nothing: bool = False, **settings: str) -> Iterator[LiveSite]:
    """Run `manage.py up` over a folder and database of its own until the block ends: over one that has been up before,
    or, for that takes its time, over nothing."""
    port = free_port()
    before = None if from_nothing else prepared()
    with own_database(folder, before and before.database) as database_url, own_redis_database() as redis_url:
        if before:
            shutil.copytree(before.folder, folder / "var")
        environment = site_environment(folder / "var", database_url) | {"PORT": str(port)} | redis_url | settings
        output = folder / "up.log"
        site = LiveSite(f"http://localhost:{port}", start_up(environment, output), output, environment)
        try:
            wait_until(lambda: "is up" in site.printed() or site.process.poll() is not None, START_SECONDS)
            assert site.process.poll() is None, site.printed()
            yield site
        finally:
            stop_up(site.process)


def site_environment(var_dir: Path, database_url: str) -> dict[str, str]:
    return os.environ | {
        "DJANGO_SETTINGS_MODULE": "stylesite.settings",
        "VAR_DIR": str(var_dir),
        "DATABASE_URL": database_url,
        # Tests hang their own works.
        "SEED_GALLERY": "false",
        # And come in crowds.
        "SIGNUPS_PER_MINUTE": "1000",
        "PYTHONUNBUFFERED": "1",
    }


@dataclass(frozen=True)
class Prepared:
    """What a site's first start leaves behind, for others to begin with."""

    folder: Path
    database: str
    """Name of the PostgreSQL database, or path of the SQLite file."""


@cache
def prepared() -> Prepared:
    folder = Path(tempfile.mkdtemp(prefix="stylesite-prepared-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    var_dir = folder / "var"
    name, url = new_database(folder)
    if is_on_postgres():
        atexit.register(drop_database, name)
    for command in (["migrate"], ["collectstatic", "--no-input"], ["load_starter_styles"], ["load_starter_generator"]):
        manage(site_environment(var_dir, url), *command, "--verbosity", "0")
    return Prepared(var_dir, name)


def manage(environment: dict[str, str], *arguments: str) -> str:
    """Run a management command; what it printed."""
    command = [sys.executable, "manage.py", *arguments]
    return subprocess.run(command, cwd=ROOT, env=environment, check=True, capture_output=True, text=True).stdout


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
