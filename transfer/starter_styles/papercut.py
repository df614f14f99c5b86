"""Cut paper in layers, each casting its shadow on the one below: a deep valley of terraces, warm to cold."""

from __future__ import annotations

import numpy as np
from PIL import Image

from transfer.starter_styles.canvas import Colours, Field, Rng, blur, grid, noise, palette, ramp, smoothstep, to_image

SHEETS = palette("fbe9c6", "f7c873", "f0913f", "d9534a", "a03a68", "5f3a86", "2f3f86", "1d5f88", "1b8a86", "123a4a")
LAYERS = 17
SHADOW = 0.55


def draw(size: int, rng: Rng) -> Image.Image:
    x, y = grid(size)
    land = _land(x, y, size, rng)
    colour = _sheet(SHEETS[0], size, rng)
    for layer in range(1, LAYERS):
        level = -1.45 + 2.9 * layer / LAYERS
        edge = land + 0.05 * noise(size, 0.05, rng, 2) - level
        covered = smoothstep(-1.2, 1.2, edge / (0.012 * 512 / size * 2))
        colour = colour * (1 - _shadow(covered))[..., None]
        tint = ramp(SHEETS, np.array(layer / (LAYERS - 1)))
        paper = _sheet(tint, size, rng) * (1 + _bevel(covered))[..., None]
        colour = colour + (paper - colour) * covered[..., None]
    return to_image(np.clip(colour, 0, 1))


def _land(x: Field, y: Field, size: int, rng: Rng) -> Field:
    """Heights whose contours are the cuts: scalloped clouds above, terraces below, an open middle."""
    valley = 3.4 * np.hypot((x - 0.52) * 0.9, (y - 0.42) * 1.1) - 1.35
    scallops = 0.22 * np.abs(np.sin(9 * np.arctan2(y - 0.42, x - 0.52) + 3 * valley))
    return valley - scallops + 0.38 * noise(size, 0.28, rng, 2)


def _shadow(covered: Field) -> Field:
    """How dark a sheet above makes the one below: near and sharp, far and soft, down to the right."""
    size = len(covered)
    soft = _moved(blur(covered, 0.009), int(0.010 * size), int(0.008 * size))
    near = _moved(blur(covered, 0.002), int(0.003 * size), int(0.002 * size))
    return SHADOW * np.clip(0.65 * soft + 0.35 * near, 0, 1)


def _moved(field: Field, down: int, right: int) -> Field:
    return np.pad(field, ((down, 0), (right, 0)), mode="edge")[: len(field), : len(field)]


def _bevel(covered: Field) -> Field:
    """The cut edge catches light on its upper left."""
    down, across = map(np.asarray, np.gradient(blur(covered, 0.0012)))
    return np.clip(-(down + across), -0.5, 1) * 0.35


def _sheet(tint: Colours, size: int, rng: Rng) -> Colours:
    fibre = 0.022 * noise(size, (0.02, 0.003), rng, 2) + 0.02 * noise(size, 0.0025, rng)
    cloudy = 0.035 * noise(size, 0.2, rng, 3)
    return np.broadcast_to(tint, (size, size, 3)) * (1 + fibre + cloudy)[..., None]
