"""Build `.venv` from the hash-pinned lock when it is missing or stale.

Runs under the system's Python before anything is installed, so it uses the standard library alone. Every failure is
one sentence on stderr and exit status 1; the stamp is written last, so a half-built environment is rebuilt next time.
"""

from __future__ import annotations

import hashlib
import re
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
LOCK = ROOT / "requirements.lock"
VENV = ROOT / ".venv"
STAMP = VENV / ".stamp"
LOG = ROOT / "var" / "log" / "install.log"
OLDEST_PYTHON = (3, 11)
# The CUDA build of torch with its libraries unpacks to about 6 GB.
NEEDED_GIB = 8

# What pip's output says, and the sentence a person needs instead.
CAUSES = (
    (r"No space left on device", "the disk is full; free some space"),
    (
        r"NewConnectionError|Temporary failure in name resolution|Connection refused|Network is unreachable"
        r"|ConnectTimeoutError|ReadTimeoutError|Max retries exceeded|ProxyError|SSLError",
        "the Python package index cannot be reached; check the network",
    ),
    (r"DO NOT MATCH THE HASHES", "a downloaded package does not match requirements.lock; check the package index used"),
    (
        r"No matching distribution|unable to execute|command '.*(gcc|cc|g\+\+)'",
        "a package has no ready-made build for this Python and platform, and building one needs a compiler; use"
        " CPython 3.11 to 3.13 on 64-bit Linux or macOS",
    ),
)


class BootstrapError(Exception):
    """The environment cannot be built; the message is a sentence for the person who typed the command."""


def main() -> int:
    try:
        ensure_environment()
    except BootstrapError as error:
        print(f"stylesite: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("stylesite: installation interrupted; the next run starts it again.", file=sys.stderr)
        return 130
    return 0


def ensure_environment() -> None:
    if is_current():
        return
    check_python()
    check_disk()
    create_venv()
    install_lock()
    STAMP.write_text(fingerprint())


def is_current() -> bool:
    return STAMP.is_file() and STAMP.read_text() == fingerprint()


def fingerprint() -> str:
    """Changes when the lock, the Python version or the place of the environment does."""
    identity = f"{sys.version_info[:2]} {VENV}".encode()
    return hashlib.sha256(LOCK.read_bytes() + identity).hexdigest()


def check_python() -> None:
    if sys.version_info < OLDEST_PYTHON:
        found = ".".join(map(str, sys.version_info[:3]))
        raise BootstrapError(f"Python 3.11 or newer is needed, and this is {found}; set PYTHON=python3.11.")


def check_disk() -> None:
    free_gib = shutil.disk_usage(ROOT).free / 2**30
    if free_gib < NEEDED_GIB:
        raise BootstrapError(f"{NEEDED_GIB} GiB of free disk are needed to install, and {free_gib:.1f} GiB are left.")


def create_venv() -> None:
    print("stylesite: installing into .venv (several GB on the first run)", flush=True)
    STAMP.unlink(missing_ok=True)
    made = subprocess.run([sys.executable, "-m", "venv", "--clear", str(VENV)], capture_output=True, text=True)
    if made.returncode:
        raise BootstrapError("Python's venv module does not work here; on Debian, install python3-venv.")


def install_lock() -> None:
    LOG.parent.mkdir(parents=True, exist_ok=True)
    # Ready-made wheels only: a compiler is never needed, and no package's build script ever runs.
    command = [VENV / "bin" / "python", "-m", "pip", "install", "--disable-pip-version-check", "--no-input"]
    command += ["--require-hashes", "--only-binary=:all:", "--requirement", LOCK]
    with LOG.open("w") as log:
        finished = subprocess.run(list(map(str, command)), stdout=log, stderr=subprocess.STDOUT)
    if finished.returncode:
        raise BootstrapError(f"packages could not be installed: {cause_of(LOG.read_text())}. Details: {LOG}")


def cause_of(output: str) -> str:
    """The likeliest reason for a failed installation, from pip's `output`."""
    return next((cause for pattern, cause in CAUSES if re.search(pattern, output)), "pip failed")


if __name__ == "__main__":
    sys.exit(main())
