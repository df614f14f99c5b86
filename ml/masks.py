"""Masks as people draw them: white where a style is to be painted, black where not, grey for soft edges."""

from __future__ import annotations

from collections.abc import Sequence
from functools import reduce

import numpy as np
import torch
from PIL import Image, ImageChops
from torch import Tensor

from ml.errors import SettingsError
from ml.pictures import MASK_GROUND, flattened
from ml.pyramid import resampled
from ml.tensors import to_tensor


def checked(masks: Sequence[Image.Image], photo: Image.Image, styles: int) -> list[Image.Image]:
    """The masks as grey pictures, black where they are transparent. Raises SettingsError where they are not one a
    style, not of the photo's shape, or hold no number."""
    if masks and len(masks) != styles:
        raise SettingsError(f"there are {len(masks)} masks for {styles} style pictures")
    for mask in masks:
        if not _same_proportions(mask, photo):
            raise SettingsError(
                f"a mask of {mask.width}×{mask.height} does not fit the photo of {photo.width}×{photo.height}"
            )
        if mask.mode == "F" and not np.isfinite(np.asarray(mask)).all():
            raise SettingsError("a mask holds values that are not finite")
    return [(flattened(mask, MASK_GROUND) if mask.has_transparency_data else mask).convert("L") for mask in masks]


def to_weights(mask: Image.Image, size: tuple[int, int], device: torch.device) -> Tensor:
    """A grey mask at (width, height) as `(1, 1, H, W)` in 0–1."""
    return to_tensor(resampled(mask, size), device)[:, :1]


def with_bare_parts(painting: Image.Image, photo: Image.Image, masks: Sequence[Image.Image]) -> Image.Image:
    """The painting with the photo itself where every mask is black, as softly as their edges are. Where the soft edges
    of two masks meet, together they are white."""
    if not masks:
        return painting
    covered = reduce(ImageChops.add, [resampled(mask, painting.size) for mask in masks])
    return Image.composite(painting, resampled(photo, painting.size), covered)


def _same_proportions(one: Image.Image, other: Image.Image) -> bool:
    """Whether both could be the same picture at two sizes, each side of which was rounded to whole pixels."""
    difference = abs(one.width * other.height - one.height * other.width)
    return difference <= (one.width + one.height + other.width + other.height) / 2
