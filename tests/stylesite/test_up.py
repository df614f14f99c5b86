"""`manage.py up`, as a person starts and stops it."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
from pathlib import Path

import httpx
import psutil

from tests.live import ROOT, LiveSite, free_port, live_site, start_up, stop_up, wait_until


def environment(folder: Path, **settings: str) -> dict[str, str]:
    """That of a site which needs nothing but this folder."""
    own = {"DJANGO_SETTINGS_MODULE": "stylesite.settings", "VAR_DIR": str(folder / "var"), "PYTHONUNBUFFERED": "1"}
    own["SEED_GALLERY"] = "false"
    bare = {name: value for name, value in os.environ.items() if name not in ("DATABASE_URL", "REDIS_URL")}
    return bare | own | settings


def run_up(folder: Path, **settings: str) -> tuple[int, str]:
    """Start a site that is expected to give up; its exit status and what it printed."""
    output = folder / "up.log"
    process = start_up(environment(folder, **settings), output)
    return process.wait(timeout=90), output.read_text()


def processes_of(site: LiveSite) -> set[int]:
    """The processes that run with the site's own VAR_DIR."""
    return {int(entry.name) for entry in Path("/proc").iterdir() if entry.name.isdigit() and belongs_to(entry, site)}


def belongs_to(process: Path, site: LiveSite) -> bool:
    try:
        return site.environment["VAR_DIR"].encode() in (process / "environ").read_bytes()
    except OSError:
        return False


def test_ctrl_c_ends_every_process_and_a_second_start_is_quick(tmp_path: Path) -> None:
    with live_site(tmp_path, from_nothing=True) as site:
        assert len(processes_of(site)) >= 3
        assert site.process.poll() is None
        assert stop_up(site.process) == 0
        wait_until(lambda: not processes_of(site), 5)

        process = start_up(site.environment, site.output)
        try:
            wait_until(lambda: "is up" in site.printed(), 30)
            assert seconds_of_work(process) < 10
        finally:
            assert stop_up(process) == 0


def seconds_of_work(process: subprocess.Popen[bytes]) -> float:
    """The processor's, of a process and those it has waited for: no other load counts."""
    times = psutil.Process(process.pid).cpu_times()
    return times.user + times.system + times.children_user + times.children_system


# The signal arrives while a child is forked, where Python drops whatever its handler raises.
CTRL_C_AT_THE_FIRST_FORK = """
import os, signal, sys
os.register_at_fork(after_in_parent=lambda: os.kill(os.getpid(), signal.SIGINT))
sys.argv = ["manage.py", "up"]
from django.core.management import execute_from_command_line
execute_from_command_line(sys.argv)
"""


def test_ctrl_c_is_heard_at_the_worst_of_moments(tmp_path: Path) -> None:
    command = [sys.executable, "-c", CTRL_C_AT_THE_FIRST_FORK]
    own = environment(tmp_path, PORT=str(free_port()))

    ended = subprocess.run(command, cwd=ROOT, env=own, capture_output=True, text=True, timeout=60)

    assert ended.returncode == 0
    assert "Stopping." in ended.stdout
    assert "is up" not in ended.stdout


def test_a_killed_supervisor_takes_its_children_along_and_can_be_started_again(tmp_path: Path) -> None:
    with live_site(tmp_path) as site:
        site.process.kill()
        site.process.wait()
        wait_until(lambda: not processes_of(site), 30)

        process = start_up(site.environment, site.output)
        try:
            wait_until(lambda: "is up" in site.printed(), 30)
        finally:
            stop_up(process)


def test_a_worker_trainer_or_messenger_that_dies_is_replaced(tmp_path: Path) -> None:
    with live_site(tmp_path) as site:
        wait_until(lambda: alive(site) == (1, 1), 60)
        for worker in processes_of(site):
            if b"manage.py\0worker" in command_of(worker):
                os.kill(worker, signal.SIGKILL)

        wait_until(lambda: "worker 1 stopped; it is started again" in site.printed(), 10)
        wait_until(lambda: "trainer 1 stopped; it is started again" in site.printed(), 10)
        wait_until(lambda: "messenger stopped; it is started again" in site.printed(), 10)


def test_a_worker_that_ends_of_its_own_accord_is_followed_by_another(tmp_path: Path) -> None:
    with live_site(tmp_path, TRAINERS="0") as site:
        wait_until(lambda: alive(site) == (1, 0), 60)
        (worker,) = [pid for pid in processes_of(site) if command_of(pid).endswith(b"manage.py\0worker\0")]
        os.kill(worker, signal.SIGTERM)

        wait_until(lambda: "worker 1 has ended; a new one takes its place" in site.printed(), 10)
        wait_until(lambda: alive(site) == (1, 0), 60)


def test_an_idle_trainer_costs_little(tmp_path: Path) -> None:
    with live_site(tmp_path) as site:
        wait_until(lambda: alive(site) == (1, 1), 60)
        (trainer,) = [pid for pid in processes_of(site) if b"--queue\0training" in command_of(pid)]

        assert os.getpriority(os.PRIO_PROCESS, trainer) >= 10
        assert "libtorch" not in Path(f"/proc/{trainer}/maps").read_text()


def command_of(pid: int) -> bytes:
    return Path(f"/proc/{pid}/cmdline").read_bytes()


def alive(site: LiveSite) -> tuple[int, int]:
    """Workers and trainers."""
    health = httpx.get(f"{site.url}/healthz").json()
    return health["workers"], health["trainers"]


def test_a_busy_port_is_named_in_one_sentence(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])

        status, printed = run_up(tmp_path, PORT=port)

    assert status == 1
    assert re.fullmatch(rf"CommandError: Port {port} of 127.0.0.1 cannot be used .*\n", printed)


def test_a_second_site_over_the_same_folder_is_refused(tmp_path: Path) -> None:
    with live_site(tmp_path) as site:
        output = tmp_path / "second.log"
        second = start_up(site.environment | {"PORT": str(free_port())}, output)

        assert second.wait(timeout=30) == 1
        assert "A site is already running from" in output.read_text()
        assert httpx.get(f"{site.url}/healthz").status_code == 200


def test_a_database_that_does_not_answer_is_named_in_one_sentence(tmp_path: Path) -> None:
    status, printed = run_up(
        tmp_path, PORT=str(free_port()), DATABASE_URL=f"postgres://nobody@127.0.0.1:{free_port()}/nothing"
    )

    assert status == 1
    assert "The database cannot be reached" in printed
    assert "Traceback" not in printed


def test_weights_that_cannot_be_fetched_are_named_in_one_sentence(tmp_path: Path) -> None:
    nowhere = f"http://127.0.0.1:{free_port()}"
    status, printed = run_up(
        tmp_path,
        PORT=str(free_port()),
        STYLESITE_CACHE=str(tmp_path / "cache"),
        PIP_CONFIG_FILE=os.devnull,
        PIP_INDEX_URL=nowhere,
        PIP_RETRIES="0",
        HTTPS_PROXY=nowhere,
    )

    assert status == 1
    assert "weights could not be fetched" in printed
    assert "Traceback" not in printed
    assert not list((tmp_path / "cache").rglob("*.safetensors"))
