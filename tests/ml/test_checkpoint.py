from __future__ import annotations

import tracemalloc
from pathlib import Path

import pytest
import torch

from ml.checkpoint import Checkpoint
from tests.full_disk import files_of_at_most


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


def test_what_a_killed_process_left_half_written_goes_too(checkpoint: Checkpoint) -> None:
    checkpoint.write("a run", {"step": 1})
    parts = [checkpoint.path.with_name(f"run.checkpoint.{middle}part") for middle in ("4711.", "b.4711.", "mp4.", "")]
    for part in parts:
        part.write_bytes(b"half")

    checkpoint.discard()

    assert set(checkpoint.path.parent.iterdir()) == set(parts[1:])


def test_a_path_is_free_unless_something_else_lies_there(checkpoint: Checkpoint) -> None:
    assert checkpoint.is_free()
    checkpoint.write("a run", {"step": 1})
    assert checkpoint.is_free()
    assert not Checkpoint(checkpoint.path.parent).is_free()
    checkpoint.path.write_bytes(b"a letter to someone")
    assert not checkpoint.is_free()


def test_a_large_state_is_written_and_read_without_a_copy_of_the_file(checkpoint: Checkpoint) -> None:
    state = {"image": torch.rand(5_000_000)}
    tracemalloc.start()
    try:
        checkpoint.write("a run", state)
        assert checkpoint.read("a run") is not None
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()

    assert peak < 20_000_000 / 2


def test_it_is_due_only_after_its_interval(tmp_path: Path) -> None:
    assert Checkpoint(tmp_path / "c", every_seconds=0).is_due()
    assert not Checkpoint(tmp_path / "c", every_seconds=3600).is_due()


def test_a_file_that_cannot_be_resumed_is_refused_in_words(
    checkpoint: Checkpoint, caplog: pytest.LogCaptureFixture
) -> None:
    checkpoint.write("a run", {"step": 7})
    checkpoint.read("another run")
    checkpoint.path.write_bytes(b"a letter to someone")
    checkpoint.read("a run")

    assert caplog.messages == [
        f"the checkpoint {checkpoint.path} is of other settings or pictures; starting over",
        f"the checkpoint {checkpoint.path} is damaged; starting over",
    ]


def test_a_full_disk_costs_the_checkpoint_and_leaves_the_last_one(
    checkpoint: Checkpoint, caplog: pytest.LogCaptureFixture
) -> None:
    checkpoint.write("a run", {"step": 7})

    with files_of_at_most(bytes=2000):
        checkpoint.write("a run", {"image": torch.zeros(100_000)})

    assert "could not be written" in caplog.text
    assert checkpoint.read("a run") == {"step": 7}
    assert list(checkpoint.path.parent.iterdir()) == [checkpoint.path]
