"""Coarse to fine: the sizes at which a picture is painted, one after the other.

[G17] Gatys, Ecker, Bethge, Hertzmann, Shechtman: Controlling Perceptual Factors in Neural Style Transfer, CVPR 2017,
§6: large forms are found on a small picture, where the network sees much of it at once and an evaluation costs little.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import sqrt

from PIL import Image

RATIO = sqrt(2)


@dataclass(frozen=True)
class Scale:
    """One size of the pyramid, `width`×`height` pixels, and the evaluations spent on it."""

    width: int
    height: int
    steps: int

    @property
    def pixels(self) -> int:
        return self.width * self.height


def long_sides(size: int, coarsest: int) -> tuple[int, ...]:
    """Long sides from the smallest of at least `coarsest` pixels up to `size`, each √2 times the last; `size` alone
    where it is smaller than that."""
    sides = [size]
    while sides[-1] / RATIO >= coarsest - 0.5:
        sides.append(round(size / RATIO ** len(sides)))
    return tuple(reversed(sides))


def scales(picture: tuple[int, int], sides: Sequence[int], steps: Sequence[int]) -> tuple[Scale, ...]:
    """The pyramid of a picture of (width, height): a scale for each of the long `sides`, coarse to fine, with its
    `steps`."""
    sizes = [fitted(picture, side) for side in sides]
    return tuple(Scale(*fit, count) for fit, count in zip(sizes, steps, strict=True))


def pixel_steps(pyramid: Sequence[Scale]) -> int:
    """The work of a pyramid: the pixels of each evaluation, summed."""
    return sum(scale.pixels * scale.steps for scale in pyramid)


def fitted(picture: tuple[int, int], long_side: float) -> tuple[int, int]:
    """(width, height) of the same aspect with the long side given, in whole pixels and at least one."""
    factor = long_side / max(picture)
    width, height = (max(1, round(side * factor)) for side in picture)
    return width, height


def resampled(picture: Image.Image, size: tuple[int, int]) -> Image.Image:
    """The picture at `size`, by Lanczos, always from the original so that no scale inherits another's blur."""
    return picture if picture.size == size else picture.resize(size, Image.Resampling.LANCZOS)


def brush_size(style: tuple[int, int], long_side: float) -> tuple[int, int]:
    """(width, height) of a style picture for a long side; never enlarged, because that would make its strokes soft."""
    return fitted(style, min(long_side, max(style)))
