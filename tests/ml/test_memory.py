from __future__ import annotations

from ml.devices import Precision
from ml.memory import SMALLEST_TILE, most_pixels, needed

GIB = 2**30
LARGE = 4096 * 3072


def test_a_large_painting_fits_into_the_memory_it_is_given() -> None:
    seen = most_pixels(LARGE, 16 * GIB, Precision.BF16)

    assert SMALLEST_TILE < seen < LARGE
    assert needed(LARGE, seen, Precision.BF16) <= 16 * GIB


def test_a_small_painting_is_looked_at_as_a_whole() -> None:
    assert most_pixels(512 * 384, 16 * GIB, Precision.FP32) > 512 * 384


def test_the_least_memory_still_paints() -> None:
    assert most_pixels(LARGE, 0, Precision.FP32) == SMALLEST_TILE
