from __future__ import annotations

from pathlib import Path

import pytest
import torch

from ml.checkpoint import Checkpoint


@pytest.fixture
def checkpoint(tmp_path: Path) -> Checkpoint:
    return Checkpoint(tmp_path / "deep" / "run.checkpoint", every_seconds=3600)


def test_what_is_written_is_read(checkpoint: Checkpoint) -> None:
    checkpoint.write("a run", {"image": torch.arange(5.0), "step": 7})

    state = checkpoint.read("a run")

    assert state is not None
    assert torch.equal(state["image"], torch.arange(5.0))
    assert state["step"] == 7


def test_another_runs_state_is_not_taken_for_ones_own(checkpoint: Checkpoint) -> None:
    checkpoint.write("a run", {"step": 7})

    assert checkpoint.read("another run") is None


@pytest.mark.parametrize("keep", [0, 10, 40, -1])
def test_a_damaged_file_is_passed_over(checkpoint: Checkpoint, keep: int) -> None:
    checkpoint.write("a run", {"step": 7})
    checkpoint.path.write_bytes(checkpoint.path.read_bytes()[:keep])

    assert checkpoint.read("a run") is None


def test_without_a_file_there_is_nothing_to_resume(checkpoint: Checkpoint) -> None:
    assert checkpoint.read("a run") is None
    checkpoint.discard()


def test_nothing_but_the_file_itself_is_left_in_its_folder(checkpoint: Checkpoint) -> None:
    checkpoint.write("a run", {"step": 1})
    checkpoint.write("a run", {"step": 2})

    assert list(checkpoint.path.parent.iterdir()) == [checkpoint.path]


def test_it_is_due_only_after_its_interval(tmp_path: Path) -> None:
    assert Checkpoint(tmp_path / "c", every_seconds=0).is_due()
    assert not Checkpoint(tmp_path / "c", every_seconds=3600).is_due()
