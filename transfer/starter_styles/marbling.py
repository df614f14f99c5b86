"""Marbled paper: drops of colour on a bath, drawn out with a stylus and a comb.

A drop pushes what floats already outwards and keeps its area; a stylus drags it along, the less the farther away. Both
maps have closed inverses (Jaffer and Lu, "Mathematical Marbling", 2012), so each pixel is followed back through the
strokes, last to first, until it lies in the drop whose colour it has.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from PIL import Image

from transfer.starter_styles.canvas import Colours, Field, Rng, grid, noise, palette, to_image

COLOURS = palette("12233f", "f3e6c8", "b3282d", "1f6f78", "e3a02f", "0e3a5c", "f3e6c8", "d9603b", "7fb3a6")
BATH = palette("12233f")[0]
DROPS = 150


@dataclass(frozen=True)
class Drop:
    x: float
    y: float
    radius: float
    colour: int


@dataclass(frozen=True)
class Tines:
    """Parallel styluses drawn through the bath at `angle`, `gap` apart, moving the paint by `shift` where they pass."""

    angle: float
    gap: float
    offset: float
    shift: float
    sharp: float


@dataclass(frozen=True)
class Swirl:
    """A stylus drawn round a circle."""

    x: float
    y: float
    radius: float
    turn: float


def draw(size: int, rng: Rng) -> Image.Image:
    x, y = grid(size * 3 // 2)
    strokes, drops = _strokes(), _drops(rng)
    for stroke in reversed(strokes):
        x, y = _before_tines(stroke, x, y) if isinstance(stroke, Tines) else _before_swirl(stroke, x, y)
    colour = _colour_of(drops, x, y)
    smooth = to_image(colour).resize((size, size), Image.Resampling.LANCZOS)
    return to_image(_papered(np.asarray(smooth, dtype=np.float32) / 255, rng))


def _strokes() -> list[Tines | Swirl]:
    return [
        Tines(angle=np.pi / 2, gap=0.25, offset=0.02, shift=0.24, sharp=0.035),
        Tines(angle=-np.pi / 2, gap=0.25, offset=0.145, shift=0.24, sharp=0.035),
        Tines(angle=0.0, gap=0.083, offset=0.01, shift=0.09, sharp=0.012),
        Swirl(0.3, 0.33, 0.13, 0.26),
        Swirl(0.72, 0.62, 0.16, -0.3),
        Swirl(0.74, 0.17, 0.09, 0.2),
        Swirl(0.2, 0.8, 0.11, -0.2),
    ]


def _drops(rng: Rng) -> list[Drop]:
    """Handfuls of drops, large ones first, each handful of one colour as from one brush."""
    drops = []
    for number in range(DROPS):
        x, y = rng.uniform(-0.1, 1.1, 2)
        radius = rng.uniform(0.035, 0.1) * (1 - 0.55 * number / DROPS)
        drops.append(Drop(x, y, radius, number // 6 % len(COLOURS)))
    return drops


def _before_tines(tines: Tines, x: Field, y: Field) -> tuple[Field, Field]:
    along_x, along_y = np.cos(tines.angle), np.sin(tines.angle)
    across = (-x * along_y + y * along_x - tines.offset) / tines.gap
    distance = np.abs(across - np.round(across)) * tines.gap
    moved = (tines.shift * tines.sharp / (distance + tines.sharp)).astype(np.float32)
    return x - moved * np.float32(along_x), y - moved * np.float32(along_y)


def _before_swirl(swirl: Swirl, x: Field, y: Field) -> tuple[Field, Field]:
    dx, dy = x - swirl.x, y - swirl.y
    distance = np.hypot(dx, dy)
    angle = -swirl.turn * np.exp(-((distance / swirl.radius) ** 2)) * 12
    cos, sin = np.cos(angle), np.sin(angle)
    return swirl.x + dx * cos - dy * sin, swirl.y + dx * sin + dy * cos


def _colour_of(drops: list[Drop], x: Field, y: Field) -> Colours:
    """Follow every point back through the drops; those that end in none are of the bath."""
    number = np.full(x.shape, -1)
    for drop in reversed(drops):
        dx, dy = x - drop.x, y - drop.y
        square = dx * dx + dy * dy
        number = np.where((number < 0) & (square < drop.radius**2), drop.colour, number)
        shrink = np.sqrt(np.maximum(1 - drop.radius**2 / np.maximum(square, 1e-9), 0)).astype(np.float32)
        x, y = drop.x + dx * shrink, drop.y + dy * shrink
    return np.vstack([COLOURS, BATH])[number]


def _papered(colour: Colours, rng: Rng) -> Colours:
    """Colour thins here and there, and the paper's laid lines show faintly."""
    size = len(colour)
    _, y = grid(size)
    thin = 0.045 * noise(size, 0.05, rng, 4) + 0.012 * np.sin(y * 2 * np.pi * 90) + 0.02 * noise(size, 0.004, rng)
    return colour * (0.97 + thin)[..., None] + 0.02
