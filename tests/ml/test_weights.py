from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from safetensors.torch import load_file, save_file

import ml
from ml.features import digest
from ml.weights import DIGESTS, fetch_weights, read_weights, source_of


def test_the_weights_are_those_of_the_paper() -> None:
    """Among them the first numbers of the original file: the corners of its first kernels' blue channel."""
    tensors = load_file(ml.weights_path())

    assert digest(tensors) == DIGESTS["vgg16"]
    assert len(tensors) == 26
    np.testing.assert_allclose(tensors["conv1_1.weight"][:3, 2, 0, 0], (0.4295, 0.1173, 0.0340), atol=5e-5)


def test_they_say_where_they_came_from() -> None:
    assert source_of(ml.weights_path()) != "an unknown source"


def test_the_cache_can_be_put_elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("STYLESITE_CACHE", raising=False)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "xdg"))
    assert ml.weights_path().parent == tmp_path / "xdg" / "stylesite"

    monkeypatch.setenv("STYLESITE_CACHE", str(tmp_path / "own"))
    assert ml.weights_path().parent == tmp_path / "own"


def test_missing_weights_are_told_with_the_command_that_fetches_them(tmp_path: Path) -> None:
    with pytest.raises(ml.WeightsMissing, match="python -m ml fetch-weights"):
        read_weights(tmp_path / "nothing.safetensors")


def test_a_damaged_file_is_not_used(tmp_path: Path) -> None:
    path = tmp_path / "weights.safetensors"
    path.write_bytes(ml.weights_path().read_bytes()[:100_000])

    with pytest.raises(ml.WeightsMissing, match="damaged"):
        read_weights(path)


def test_a_single_changed_number_is_noticed(tmp_path: Path) -> None:
    tensors = load_file(ml.weights_path())
    tensors["conv3_2.weight"][7, 7, 1, 1] += 1e-3
    save_file(tensors, tmp_path / "weights.safetensors")

    with pytest.raises(ml.WeightsMissing, match="not those of vgg16"):
        read_weights(tmp_path / "weights.safetensors")


def test_weights_that_are_there_are_not_fetched_again() -> None:
    said: list[str] = []
    before = ml.weights_path().stat().st_mtime_ns

    path = fetch_weights(report=said.append)

    assert path.stat().st_mtime_ns == before
    assert len(said) == 1
    assert str(path) in said[0]


def test_an_unknown_network_is_named() -> None:
    with pytest.raises(ml.EngineError, match="no feature network 'alexnet'"):
        ml.weights_path("alexnet")
