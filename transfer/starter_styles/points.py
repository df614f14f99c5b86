"""Points of pure colour, side by side: a river bend at noon whose shadows are violet and whose lights are orange."""

from __future__ import annotations

import numpy as np
from PIL import Image

from transfer.starter_styles.canvas import Colours, Field, Rng, grid, light, noise, palette, ramp, smoothstep, to_image
from transfer.starter_styles.marks import Mark, Paint, Tool, at, scatter

SKY = palette("4f8fd0", "7fb6e6", "b9d9ee", "f6e7c4", "f9c98a")
TREES = palette("1d3a5f", "23615a", "4b9a4f", "a9c94b", "f3dc5a")
WATER = palette("27427f", "3f77b9", "74b3cf", "f4d7a0", "f19a5b")
MEADOW = palette("5a3a7a", "3f7d57", "86b84a", "e5d64f", "f7a64a")
# What a neighbour's colour is turned into, now and then, to make it ring.
COMPLEMENTS = palette("f08a3c", "e8503a", "f4d94a", "7a4fae", "2f5fc0")
LAYERS = ((0.021, 0.0245, 1.0), (0.0155, 0.018, 1.0), (0.0145, 0.0125, 0.8))


def draw(size: int, rng: Rng) -> Image.Image:
    scene = _scene(size, rng)
    paint = Paint(np.clip(scene * 0.5 + 0.42, 0, 1))
    for spacing, width, keep in LAYERS:
        _dot(paint, scene, rng, spacing=spacing, width=width, keep=keep)
    return to_image(light(paint.colour, paint.height + 0.03 * noise(size, 0.006, rng), depth=0.003, gloss=0.06))


def _dot(paint: Paint, scene: Colours, rng: Rng, *, spacing: float, width: float, keep: float) -> None:
    tool = Tool(taper=2.2, ragged=0.0, streak=0.015)
    for x, y in scatter(spacing, rng):
        if rng.random() > keep:
            continue
        colour = at(scene, x + 0.004 * rng.standard_normal(), y + 0.004 * rng.standard_normal())
        colour = colour * (1 + 0.16 * rng.standard_normal()) + 0.07 * rng.standard_normal(3)
        if rng.random() < 0.13:
            colour = 0.35 * colour + 0.65 * COMPLEMENTS[rng.integers(len(COMPLEMENTS))]
        long = width * rng.uniform(1.0, 1.35)
        paint.lay(Mark(x, y, rng.uniform(0, np.pi), long, width), np.clip(colour, 0, 1), tool, rng)


def _scene(size: int, rng: Rng) -> Colours:
    x, y = grid(size)
    colour = ramp(SKY, np.clip(y / 0.42 + 0.1 * noise(size, 0.2, rng, 3), 0, 1))
    shore = 0.4 + 0.03 * np.sin(9 * x) + 0.012 * np.sin(31 * x + 1)
    for top, reach in ((shore - 0.14 * _crowns(x, 0.0), 0.16), (shore - 0.05 * _crowns(x, 1.7), 0.2)):
        lit = 0.45 + 0.3 * noise(size, 0.05, rng, 3) - 1.8 * (y - top - 0.06)
        colour = np.where((y > top)[..., None], ramp(TREES, np.clip(lit + reach - 0.15, 0, 1)), colour)
    colour = np.where((y > shore + 0.06)[..., None], _river(x, y, size, rng), colour)
    bank = 0.72 + 0.16 * np.sin(3.1 * x + 0.5) + 0.01 * np.sin(40 * x)
    grass = 0.5 + 0.25 * noise(size, 0.07, rng, 3) + 0.35 * np.sin(7 * x + 16 * y) * smoothstep(0.6, 1, y) * 0.6
    return np.where((y > bank)[..., None], ramp(MEADOW, np.clip(grass, 0, 1)), colour)


def _crowns(x: Field, shift: float) -> Field:
    """The outline of a row of trees."""
    rows = (np.abs(np.sin(x * frequency + shift * frequency)) for frequency in (11.0, 17.0, 29.0))
    return sum(weight * row for weight, row in zip((0.6, 0.35, 0.15), rows, strict=True))


def _river(x: Field, y: Field, size: int, rng: Rng) -> Colours:
    ripples = 0.18 * noise(size, (0.09, 0.012), rng, 2)
    return ramp(WATER, np.clip(0.32 + ripples + 0.5 * np.exp(-(((x - 0.62) / 0.14) ** 2)) + 0.4 * (y - 0.5), 0, 1))
