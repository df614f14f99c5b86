"""Soft pastel on dark paper: hatched chalk over a night harbour, the paper's tooth showing through."""

from __future__ import annotations

import numpy as np
from PIL import Image

from transfer.starter_styles.canvas import Colours, Field, Rng, grid, noise, palette, ramp, smoothstep, to_image
from transfer.starter_styles.marks import Mark, Paint, Tool, at, scatter, varied

PAPER = palette("211c2b")[0]
SKY = palette("2b2a5a", "4b3f8f", "8a4f9e", "d9648a", "f7a07a", "fbd48f")
WATER = palette("1c2550", "2f4f8f", "4f86a8", "e07f86", "f8b98a", "fde3ae")
HOUSES = palette("e86f5a", "f3a65c", "f6d77a", "7fc0a8", "5a86c8", "b57fc0", "f2efe0")
LAYERS = ((0.018, 0.075, 0.016, 0.8), (0.0125, 0.05, 0.009, 0.85), (0.0085, 0.032, 0.0055, 0.95))
QUAY = 0.6


def draw(size: int, rng: Rng) -> Image.Image:
    scene, angle = _scene(size, rng)
    grain = noise(size, 0.0035, rng, 2) + 0.35 * noise(size, (0.009, 0.003), rng)
    paint = Paint(np.clip(np.broadcast_to(PAPER, (size, size, 3)) * (1 + 0.10 * grain)[..., None], 0, 1))
    rubbed = smoothstep(-2.2, 0.4, grain)
    paint.colour[:] = paint.colour + (scene * 0.75 - paint.colour) * (0.75 * rubbed)[..., None]
    for spacing, length, width, opacity in LAYERS:
        tooth = 0.3 + 0.7 * smoothstep(-1.9, 0.3, grain + 0.35 * noise(size, 0.05, rng))
        _hatch(paint, scene, angle, tooth, rng, spacing=spacing, length=length, width=width, opacity=opacity)
    return to_image(np.clip(paint.colour, 0, 1))


def _hatch(
    paint: Paint,
    scene: Colours,
    angle: Field,
    tooth: Field,
    rng: Rng,
    *,
    spacing: float,
    length: float,
    width: float,
    opacity: float,
) -> None:
    tool = Tool(taper=7, ragged=0.5, streak=0.06, opacity=opacity)
    for x, y in scatter(spacing, rng):
        turn = float(at(angle, x, y)) + 0.1 * rng.standard_normal()
        mark = varied(Mark(x, y, turn, length, width, bend=0.03 * rng.standard_normal()), rng, 0.3)
        colour = at(scene, x, y) * (1.08 + 0.16 * rng.standard_normal()) + 0.05 * rng.standard_normal(3)
        paint.lay(mark, np.clip(colour, 0, 1), tool, rng, tooth)


def _scene(size: int, rng: Rng) -> tuple[Colours, Field]:
    """The colours under the chalk, and which way it is drawn."""
    x, y = grid(size)
    clouds = 0.1 * noise(size, (0.3, 0.08), rng, 3)
    colour = ramp(SKY, np.clip(y / QUAY + clouds, 0, 1))
    angle = np.full_like(x, -0.9) + 0.25 * noise(size, 0.3, rng)
    colour, angle = _town(colour, angle, x, y, rng)
    ripples = 0.12 * np.sin(95 * (y + 0.02 * noise(size, 0.1, rng)) * (1.6 - y))
    mirrored = colour[np.clip((2 * QUAY - y) * size, 0, size - 1).astype(int)[:, 0]]
    water = 0.6 * ramp(WATER, np.clip(1.25 - (y - QUAY) / 0.42 + ripples, 0, 1)) + 0.4 * mirrored
    water = water * (0.85 + 0.9 * np.clip(ripples, -0.1, 0.2))[..., None]
    afloat = y > QUAY
    return np.where(afloat[..., None], water, colour), np.where(afloat, 0.04 * noise(size, 0.1, rng), angle)


def _town(colour: Colours, angle: Field, x: Field, y: Field, rng: Rng) -> tuple[Colours, Field]:
    """Gabled houses along the quay, their windows lit."""
    left = -0.03
    while left < 1.0:
        width, height = rng.uniform(0.1, 0.17), rng.uniform(0.17, 0.34)
        wall, shade = HOUSES[rng.integers(len(HOUSES))], rng.uniform(0.62, 1.0)
        across = (x - left) / width
        roof = QUAY - height - 0.55 * width * (0.5 - np.abs(across - 0.5)) * 2
        house = (across > 0) & (across < 1) & (y > roof) & (y <= QUAY)
        tiled = house & (y < QUAY - height)
        windows = house & ~tiled & (np.abs((across * 3) % 1 - 0.5) < 0.22) & (np.abs((y * 14) % 1 - 0.5) < 0.3)
        colour = np.where(house[..., None], wall * shade * (1.1 - 0.35 * across)[..., None], colour)
        colour = np.where(tiled[..., None], np.array((0.55, 0.25, 0.3)) * shade, colour)
        colour = np.where(windows[..., None], np.array((1.0, 0.88, 0.5)) * rng.uniform(0.5, 1.0), colour)
        angle = np.where(house, np.pi / 2 + 0.06 * rng.standard_normal(), np.where(tiled, 0.7, angle))
        left += width * rng.uniform(0.92, 1.0)
    return colour, angle
