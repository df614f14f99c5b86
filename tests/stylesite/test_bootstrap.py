"""Building the environment, with pip pointed at places where nothing is."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from stylesite import bootstrap
from tests.live import ROOT, free_port


@pytest.fixture
def clone(tmp_path: Path) -> Path:
    """A clone with nothing installed, whose lock wants one package that no index here has."""
    (tmp_path / "stylesite").mkdir()
    (tmp_path / "stylesite" / "bootstrap.py").write_bytes((ROOT / "stylesite" / "bootstrap.py").read_bytes())
    (tmp_path / "requirements.lock").write_text(f"nowhere==1.0 --hash=sha256:{'0' * 64}\n")
    return tmp_path


def run(clone: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    nowhere = {"PIP_CONFIG_FILE": "/dev/null", "PIP_RETRIES": "1", "PATH": "/usr/bin:/bin", "HOME": str(clone)}
    nowhere |= {"PIP_INDEX_URL": f"http://127.0.0.1:{free_port()}/"}
    command = [sys.executable, "stylesite/bootstrap.py"]
    return subprocess.run(command, cwd=clone, env=nowhere | environment, capture_output=True, text=True)


def test_without_a_network_one_sentence_says_so(clone: Path) -> None:
    finished = run(clone)

    assert finished.returncode == 1
    assert "the Python package index cannot be reached; check the network" in finished.stderr
    assert len(finished.stderr.splitlines()) == 1


def test_a_failed_installation_is_started_again_next_time(clone: Path) -> None:
    run(clone)
    (clone / "requirements.lock").write_text("")

    assert run(clone).returncode == 0
    assert "installing" not in run(clone).stdout


def test_a_changed_lock_is_installed_anew(clone: Path) -> None:
    (clone / "requirements.lock").write_text("")
    run(clone)
    (clone / "requirements.lock").write_text("# changed\n")

    assert "installing" in run(clone).stdout


@pytest.mark.parametrize(
    ("output", "cause"),
    [
        ("ERROR: Could not install packages: [Errno 28] No space left on device", "the disk is full"),
        ("error: command 'gcc' failed: No such file or directory", "needs a compiler"),
        ("ERROR: No matching distribution found for torch==2.13.0", "needs a compiler"),
        ("ERROR: THESE PACKAGES DO NOT MATCH THE HASHES FROM THE REQUIREMENTS FILE", "does not match"),
        ("something else entirely", "pip failed"),
    ],
)
def test_the_cause_of_a_failure_is_told(output: str, cause: str) -> None:
    assert cause in bootstrap.cause_of(output)
