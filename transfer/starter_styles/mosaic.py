"""A floor of small stones: a wheel of fire in rippled water, whose rings the courses of stones follow."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from transfer.starter_styles.canvas import (
    Colours,
    Field,
    Rng,
    cells,
    grid,
    light,
    mix,
    noise,
    palette,
    ramp,
    slope,
    to_image,
)

GROUT = palette("cbbfa6")[0]
WATER = palette("0f3b4c", "14586a", "1f7f86", "52a89b", "bfd8bf")
FIRE = palette("7a1f1c", "b5321f", "dd6a2b", "f0a73e", "f7e3a6")
LEAF = palette("23452f", "3f7042", "7fa04e", "c7c873")
ROWS = 44.0
HEART = (0.5, 0.48)
# x, y, radius of the lily leaves.
LEAVES = ((0.14, 0.82, 0.15), (0.88, 0.17, 0.16), (0.9, 0.9, 0.11), (0.1, 0.14, 0.09))


def draw(size: int, rng: Rng) -> Image.Image:
    x, y = grid(size)
    distance, tint = _design(x, y, size, rng)
    u, v = _courses(x, y, distance)
    number, border = cells(u, v, rng, jitter=0.42)
    tint = _one_colour_a_stone(tint, number + 4096 * np.round(u / 64 + 8).astype(np.int64))
    across, down = slope(v)
    joint = border / (np.hypot(across, down) + 1e-6) * size
    own = rng.standard_normal((4096, 3))[number] * 0.035 + (rng.standard_normal(4096)[number] * 0.075)[..., None]
    stone = np.clip(tint + own + 0.018 * noise(size, 0.006, rng, 2)[..., None], 0, 1)
    covered = np.clip((joint / size - 0.0014) * size + 0.5, 0, 1)
    dome = np.clip(joint / size / 0.006, 0, 1) ** 0.6 + 0.12 * rng.standard_normal(4096)[number]
    floor = mix(np.broadcast_to(GROUT, stone.shape) * (1 + 0.06 * noise(size, 0.003, rng))[..., None], stone, covered)
    return to_image(light(np.clip(floor, 0, 1), dome, depth=0.0035, gloss=0.22))


def _design(x: Field, y: Field, size: int, rng: Rng) -> tuple[Field, Colours]:
    """What the courses of stones follow, and the colour of each place."""
    turn = np.arctan2(y - HEART[1], x - HEART[0])
    away = np.hypot(x - HEART[0], y - HEART[1])
    ring = away - 0.21 - 0.02 * np.sin(3 * turn)
    rings = 0.5 + 0.34 * np.sin(away * 46) + 0.1 * noise(size, 0.1, rng, 2)
    colour = ramp(WATER, np.clip(rings * 0.8 + 0.1, 0, 1))
    girth = 0.085 * np.clip(np.sin((turn + 2.2) / 2 % np.pi), 0, 1) ** 0.8 + 0.012
    scales = 0.5 + 0.3 * np.sin(turn * 22) * np.sin(ring * 120) + 0.45 * ring / girth
    colour = np.where((np.abs(ring) < girth)[..., None], ramp(FIRE, np.clip(scales, 0, 1)), colour)
    distance = np.abs(ring)
    for leaf_x, leaf_y, radius in LEAVES:
        leaf = np.hypot(x - leaf_x, y - leaf_y)
        veins = 0.5 + 0.4 * np.cos(9 * np.arctan2(y - leaf_y, x - leaf_x)) - 0.9 * leaf / radius + 0.35
        colour = np.where((leaf < radius)[..., None], ramp(LEAF, np.clip(veins, 0, 1)), colour)
        distance = np.where(leaf < radius + 0.02, leaf, distance)
    return distance, colour


def _one_colour_a_stone(tint: Colours, stone: NDArray[np.int64]) -> Colours:
    """The mean colour of the design under each stone."""
    area = np.maximum(np.bincount(stone.ravel()), 1)
    means = [np.bincount(stone.ravel(), channel.ravel()) / area for channel in np.moveaxis(tint, 2, 0)]
    return np.stack(means, axis=-1)[stone].astype(np.float32)


def _courses(x: Field, y: Field, distance: Field) -> tuple[Field, Field]:
    """Coordinates along and across the courses."""
    turn = np.arctan2(y - HEART[1], x - HEART[0])
    away = np.hypot(x - HEART[0], y - HEART[1])
    doubling = 2.0 ** np.round(np.log2(np.maximum(away, 0.03) / 0.32))
    return turn * 0.32 * ROWS * doubling, away * ROWS + 0.35 * np.sin(3 * turn)
