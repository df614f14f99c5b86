"""What each worker of a site gets of the machine."""

from __future__ import annotations

from pathlib import Path

import pytest

from stylesite import shares


@pytest.fixture(autouse=True)
def _machine(monkeypatch: pytest.MonkeyPatch) -> None:
    """Eight cores and two GPUs, and an operator who has said nothing."""
    monkeypatch.setattr(shares, "cores", lambda: 8)
    monkeypatch.setenv("CUDA_VISIBLE_DEVICES", "0,1")
    for name in ("OMP_NUM_THREADS", "DEVICE"):
        monkeypatch.delenv(name, raising=False)


def test_each_worker_has_a_gpu_of_its_own_and_its_share_of_the_cores() -> None:
    first, second, trainer = shares.environments(workers=2, trainers=1)

    assert [share["CUDA_VISIBLE_DEVICES"] for share in (first, second, trainer)] == ["0", "1", "0"]
    assert [share.get("OMP_NUM_THREADS") for share in (first, second, trainer)] == ["4", "4", None]


def test_what_the_operator_has_chosen_stands(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OMP_NUM_THREADS", "3")
    monkeypatch.setenv("DEVICE", "cuda:1")

    assert shares.environments(workers=2, trainers=0) == [{}, {}]


def test_the_only_gpu_is_everyones(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CUDA_VISIBLE_DEVICES", "GPU-5a7c")

    assert shares.environments(workers=1, trainers=0) == [{"OMP_NUM_THREADS": "8"}]


@pytest.mark.parametrize(("said", "whole"), [("200000 100000", 2), ("max 100000", None), ("50000 100000", 1)])
def test_a_containers_quota_counts(tmp_path: Path, said: str, whole: int | None) -> None:
    (tmp_path / "cpu.max").write_text(f"{said}\n")

    assert shares._quota(tmp_path / "cpu.max") == whole
