"""A photo and the style picture that it is painted after."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import torch
from PIL import Image
from torch import Tensor

import ml
from ml.pyramid import brush_size, fitted, resampled
from ml.tensors import to_tensor


@dataclass(frozen=True)
class Pair:
    """What a benchmark paints."""

    photo: Image.Image
    style: Image.Image
    name: str = ""

    @classmethod
    def read(cls, photo: Path, style: Path) -> Pair:
        return cls(ml.decode_picture(photo), ml.decode_picture(style), f"{photo.stem}-{style.stem}")

    @classmethod
    def parse(cls, text: str) -> Pair:
        """As it stands on a command line: PHOTO:STYLE."""
        photo, style = map(Path, text.split(":"))
        return cls.read(photo, style)

    def at(self, size: int, device: torch.device) -> tuple[Tensor, Tensor]:
        """The photo with a long side of `size`, and the style picture as it is learnt from at that size."""
        style = resampled(self.style, brush_size(self.style.size, size))
        return to_tensor(self.photo_at(size), device), to_tensor(style, device)

    def photo_at(self, size: int) -> Image.Image:
        """The photo with a long side of `size`."""
        return resampled(self.photo, fitted(self.photo.size, size))
