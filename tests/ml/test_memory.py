from __future__ import annotations

from pathlib import Path

import pytest
import torch

from ml import memory
from ml.devices import Precision
from ml.errors import NotEnoughMemory
from ml.memory import SMALLEST_TILE, check_it_fits, most_pixels, needed, usable

GIB = 2**30
LARGE = 4096 * 3072
ONE = [torch.device("cpu")]
DEVICES = [torch.device("cuda:0"), torch.device("cuda:1")]


def test_a_large_painting_fits_into_the_memory_it_is_given() -> None:
    seen = most_pixels(LARGE, 16 * GIB, Precision.BF16, ONE)

    assert SMALLEST_TILE < seen < LARGE
    assert needed(LARGE, seen, Precision.BF16) <= 16 * GIB


def test_of_several_devices_the_first_holds_the_picture_and_most_of_a_look(monkeypatch: pytest.MonkeyPatch) -> None:
    one, two = (most_pixels(LARGE, count * 16 * GIB, Precision.BF16, DEVICES[:count]) for count in (1, 2))

    assert one < two < 1.5 * one
    monkeypatch.setattr(memory, "_there_is", {DEVICES[0]: 4 * GIB, DEVICES[1]: 24 * GIB}.get)
    assert usable(DEVICES) == int(0.6 * 2 * 4 * GIB)
    with pytest.raises(NotEnoughMemory, match=r"and there are 4\.0"):
        check_it_fits(LARGE, DEVICES, Precision.BF16)


def test_a_small_painting_is_looked_at_as_a_whole() -> None:
    assert most_pixels(512 * 384, 16 * GIB, Precision.FP32, ONE) > 512 * 384


def test_the_least_memory_still_paints() -> None:
    assert most_pixels(LARGE, 0, Precision.FP32, ONE) == SMALLEST_TILE


@pytest.fixture
def container(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The file that says what a container may take."""
    limit = tmp_path / "memory.max"
    monkeypatch.setattr(memory, "LIMITS", (limit, tmp_path / "absent"))
    return limit


def test_a_container_gives_no_more_than_its_limit(container: Path) -> None:
    unlimited = usable(ONE)

    container.write_text("max\n")
    assert usable(ONE) == unlimited
    container.write_text(f"{GIB}\n")
    assert usable(ONE) == usable(ONE * 2) == int(0.6 * GIB)


def test_what_cannot_fit_in_any_way_is_refused_in_words(container: Path) -> None:
    container.write_text(f"{4 * GIB}\n")

    check_it_fits(2048 * 1536, ONE, Precision.BF16)
    with pytest.raises(NotEnoughMemory, match=r"12,582,912 pixels take 10\.3 GiB at least, and there are 4\.0"):
        check_it_fits(LARGE, ONE, Precision.BF16)
