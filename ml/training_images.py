"""The pictures that a generator learns from, held in memory and handed out in crops."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
import torch
from PIL import Image
from torch import Tensor

from ml.archives import UNREADABLE, files_in
from ml.errors import TooManyImages, TrainingImagesError
from ml.gan_settings import GanSettings
from ml.pictures import Limits, PictureError, decode_picture
from ml.pyramid import resampled

LIMITS = Limits(max_bytes=64 * 2**20, max_pixels=64_000_000, min_side=8)
# Of all pictures together, decoded and reduced, in bytes.
MOST_MEMORY = 8 * 2**30
# This share of the pictures is never learnt from, but judged by.
HELD_BACK = 0.2
JUDGED_AT_ONCE = 100
# How many crops long a picture must be to suffice alone: one is held back, and the rest leaves something to choose.
FEWEST_CROPS = 3

# `(H, W, 3)` uint8.
Pixels = np.ndarray


class TrainingImages:
    """Pictures, reduced to the size that crops are taken from; some of them held back to judge by.

    `count`: how many there are; `skipped`: the other files beside them.
    """

    def __init__(self, pictures: Sequence[Pixels], settings: GanSettings, skipped: int = 0) -> None:
        """Of one picture a field can be learnt all the same: a part of it is held back. Raises TrainingImagesError for
        fewer pictures than that, or than two."""
        self.count, self.skipped = len(pictures), skipped
        if self.count == 1 and settings.kind == "field" and max(pictures[0].shape) >= FEWEST_CROPS * settings.crop:
            self.held_back, self.learnt_from = _divided(pictures[0], settings.crop)
        elif self.count < 2:
            long = f", or one that is {FEWEST_CROPS * settings.crop} pixels long when it is reduced"
            raise TrainingImagesError(
                f"there are {self.count} usable pictures and {skipped} other files; at least 2 pictures are needed"
                f"{long if settings.kind == 'field' else ''}"
            )
        else:
            self.held_back, self.learnt_from = _dealt(pictures)

    @classmethod
    def of(cls, pictures: Sequence[Image.Image], settings: GanSettings) -> TrainingImages:
        """Of pictures at hand."""
        return cls([_reduced(picture, settings) for picture in pictures], settings)

    @classmethod
    def read(cls, path: Path, settings: GanSettings) -> TrainingImages:
        """All pictures in a folder, a zip or a tar, or a picture alone; what cannot be read as a picture is counted in
        `skipped`.

        Raises TrainingImagesError for what is none of these and for fewer than two pictures (one for a field, if it is
        large enough); TooManyImages for more of them than memory should hold.
        """
        pictures: list[Pixels] = []
        skipped = memory = 0
        for opened in files_in(path):
            try:
                with opened() as file:
                    pictures.append(_reduced(decode_picture(file, LIMITS), settings))
            except (PictureError, *UNREADABLE):
                skipped += 1
                continue
            memory += pictures[-1].nbytes
            if memory > MOST_MEMORY:
                gigabytes = MOST_MEMORY / 2**30
                raise TooManyImages(f"the pictures in {path.name}, reduced for training, take over {gigabytes:g} GiB")
        return cls(pictures, settings, skipped)

    def batch(self, count: int, side: int, random: torch.Generator) -> Tensor:
        """`count` crops of the pictures to learn from, half of them mirrored, `(count, 3, side, side)` in −1–1."""
        chosen = torch.randint(len(self.learnt_from), (count,), generator=random)
        return _crops(self.learnt_from, chosen, side, random)

    def judged(self, count: int, side: int, random: torch.Generator) -> Iterator[Tensor]:
        """`count` crops of the pictures held back, as many of each, in batches `(N, 3, side, side)` in −1–1."""
        chosen = torch.arange(count) % len(self.held_back)
        for part in torch.split(chosen, JUDGED_AT_ONCE):
            yield _crops(self.held_back, part, side, random)


def _dealt(pictures: Sequence[Pixels]) -> tuple[list[Pixels], list[Pixels]]:
    """Those held back, and the others. Which must not follow the order of a folder, where like lies beside like."""
    order = np.random.default_rng(0).permutation(len(pictures))
    held = max(1, round(HELD_BACK * len(pictures)))
    return [pictures[index] for index in order[:held]], [pictures[index] for index in order[held:]]


def _divided(picture: Pixels, crop: int) -> tuple[list[Pixels], list[Pixels]]:
    """The end of a picture along its longer side, no smaller than a crop, and the rest of it."""
    axis = int(picture.shape[1] > picture.shape[0])
    length = picture.shape[axis]
    rest, end = np.split(picture, [min(round((1 - HELD_BACK) * length), length - crop)], axis)
    return [end], [rest]


def _reduced(picture: Image.Image, settings: GanSettings) -> Pixels:
    """Its short side brought to `settings.short_side`, or enlarged to where a crop fits."""
    short = min(picture.size)
    side = max(settings.crop, min(short, settings.short_side))
    width, height = (max(side, round(length * side / short)) for length in picture.size)
    return np.asarray(resampled(picture.convert("RGB"), (width, height)))


def _crops(pictures: Sequence[Pixels], chosen: Tensor, side: int, random: torch.Generator) -> Tensor:
    places = torch.rand(len(chosen), 2, generator=random).tolist()
    mirrored = torch.rand(len(chosen), 1, 1, 1, generator=random) < 0.5
    crops = [_crop(pictures[index], side, *place) for index, place in zip(chosen.tolist(), places, strict=True)]
    values = torch.from_numpy(np.stack(crops)).permute(0, 3, 1, 2).float() / 127.5 - 1
    return torch.where(mirrored, values.flip(3), values)


def _crop(picture: Pixels, side: int, down: float, across: float) -> Pixels:
    height, width, _ = picture.shape
    top, left = int(down * (height - side + 1)), int(across * (width - side + 1))
    return picture[top : top + side, left : left + side]
