"""Pictures changed before the discriminator sees them, so that it cannot learn a small set by heart.

[Z20] Zhao, Liu, Lin, Zhu, Han: Differentiable Augmentation for Data-Efficient GAN Training, NeurIPS 2020: real and
generated pictures alike are changed, and the generator's gradient goes through the change.
"""

from __future__ import annotations

import torch
from torch import Tensor

# [Z20] §4: brightness by up to ±½, saturation 0–2, contrast ½–1½, a shift by up to an eighth, a hole of half a side.
BRIGHTNESS, SATURATION, CONTRAST = 0.5, 1.0, 0.5
SHIFT, HOLE = 1 / 8, 1 / 2


def augmented(image: Tensor, random: torch.Generator) -> Tensor:
    """`(N, 3, H, W)` in −1–1, each recoloured, shifted and cut out in its own way, drawn from `random` (on the CPU)."""
    return _cut_out(_shifted(_recoloured(image, random), random), random)


def _recoloured(image: Tensor, random: torch.Generator) -> Tensor:
    brightness, saturation, contrast = (_uniform(image, random) for _ in range(3))
    image = image + BRIGHTNESS * brightness
    grey = image.mean(1, keepdim=True)
    image = grey + (image - grey) * (1 + SATURATION * saturation)
    level = image.mean((1, 2, 3), keepdim=True)
    return level + (image - level) * (1 + CONTRAST * contrast)


def _shifted(image: Tensor, random: torch.Generator) -> Tensor:
    """What moves in from outside is 0, a middle grey."""
    rows, inside_down = _moved(image, 2, random)
    columns, inside_across = _moved(image, 3, random)
    count, device = len(image), image.device
    every = torch.arange(count, device=device)[:, None, None]
    moved = image.permute(0, 2, 3, 1)[every, rows[:, :, None], columns[:, None, :]].permute(0, 3, 1, 2)
    return moved * (inside_down[:, None, :, None] & inside_across[:, None, None, :])


def _moved(image: Tensor, dimension: int, random: torch.Generator) -> tuple[Tensor, Tensor]:
    """For each picture where its rows (or columns) come from, `(N, side)`, and whether that lies inside."""
    side = image.shape[dimension]
    most = round(side * SHIFT)
    by = torch.randint(-most, most + 1, (len(image), 1), generator=random)
    source = torch.arange(side)[None] + by
    return source.clamp(0, side - 1).to(image.device), ((source >= 0) & (source < side)).to(image.device)


def _cut_out(image: Tensor, random: torch.Generator) -> Tensor:
    down, across = (_hole(image, dimension, random) for dimension in (2, 3))
    return image * ~(down[:, None, :, None] & across[:, None, None, :])


def _hole(image: Tensor, dimension: int, random: torch.Generator) -> Tensor:
    """The rows (or columns) that each picture's hole covers, `(N, side)`; its middle may lie anywhere."""
    side = image.shape[dimension]
    middle = torch.randint(0, side + 1, (len(image), 1), generator=random)
    return ((torch.arange(side)[None] - middle).abs() < side * HOLE / 2).to(image.device)


def _uniform(image: Tensor, random: torch.Generator) -> Tensor:
    """A number in −1–1 for each picture, `(N, 1, 1, 1)`."""
    return (2 * torch.rand(len(image), 1, 1, 1, generator=random) - 1).to(image.device, image.dtype)
