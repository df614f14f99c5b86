"""Whose colours the painting has.

[G16b] Gatys, Bethge, Hertzmann, Shechtman: Preserving Color in Neural Artistic Style Transfer, arXiv:1606.05897, 2016.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Literal, get_args

import numpy as np
from PIL import Image

Colours = Literal["style", "matched", "photo"]
COLOURS: tuple[Colours, ...] = get_args(Colours)

# Below this variance of a colour, a picture has none of it to be matched: a grey style would be divided by nothing.
LEAST_VARIANCE = 1e-4
# Rows of a picture that are reckoned with at once.
STRIP = 64


def prepared(colours: Colours, photo: Image.Image, style: Image.Image) -> Image.Image:
    """The style picture to paint after, so that the painting gets the `colours` wanted.

    `style`: as it is. `matched`: moved to the photo's mean and covariance of colours ([G16b] §4.1). `photo`: its
    brightness alone, with the photo's mean and deviation ([G16b] §4.2, eq. 10), because the colours are put back when
    the painting is finished.
    """
    match colours:
        case "style":
            return style
        case "matched":
            return matched(style, photo)
        case "photo":
            return matched(_grey(style), _grey(photo))


def seen(colours: Colours, photo: Image.Image) -> Image.Image:
    """The photo to paint: without its colours where they are put back in the end."""
    return _grey(photo) if colours == "photo" else photo


def finisher(colours: Colours, photo: Image.Image) -> Callable[[Image.Image], Image.Image]:
    """What is done to the painting, and to every preview of it, before anyone sees it."""
    return (lambda painting: _coloured(painting, photo)) if colours == "photo" else (lambda painting: painting)


def matched(picture: Image.Image, to: Image.Image) -> Image.Image:
    """`picture` with the mean and covariance of the colours of `to`: x ↦ Σ_to^½ Σ^−½ (x − μ) + μ_to, the symmetric
    solution of [G16b] eq. 5 to 7."""
    mean, covariance = _statistics(picture)
    wanted_mean, wanted_covariance = _statistics(to)
    move = _power(wanted_covariance, 0.5) @ _power(covariance, -0.5)
    return Image.fromarray(np.concatenate([_in_bytes((x - mean) @ move.T + wanted_mean) for x in _strips(picture)]))


def _coloured(painting: Image.Image, photo: Image.Image) -> Image.Image:
    """The painting's brightness with the photo's colours."""
    _, blue, red = photo.resize(painting.size, Image.Resampling.LANCZOS).convert("YCbCr").split()
    return Image.merge("YCbCr", (painting.convert("L"), blue, red)).convert("RGB")


def _grey(picture: Image.Image) -> Image.Image:
    return picture.convert("L").convert("RGB")


def _statistics(picture: Image.Image) -> tuple[np.ndarray, np.ndarray]:
    """Mean and covariance of the colours."""
    pixels = picture.width * picture.height
    mean = sum(x.sum((0, 1)) for x in _strips(picture)) / pixels
    return mean, sum(np.einsum("hwi,hwj->ij", x - mean, x - mean) for x in _strips(picture)) / pixels


def _in_bytes(x: np.ndarray) -> np.ndarray:
    return (x.clip(0, 1) * 255).round().astype(np.uint8)


def _strips(picture: Image.Image) -> Iterator[np.ndarray]:
    """Its colours in 0–1, a few rows at a time: a whole photo in float64 takes more than painting it does."""
    for top in range(0, picture.height, STRIP):
        strip = picture.crop((0, top, picture.width, min(top + STRIP, picture.height)))
        yield np.asarray(strip, np.float64) / 255


def _power(covariance: np.ndarray, exponent: float) -> np.ndarray:
    """The symmetric power of a covariance matrix, through its eigenvalues."""
    values, vectors = np.linalg.eigh(covariance)
    return (vectors * np.maximum(values, LEAST_VARIANCE) ** exponent) @ vectors.T
