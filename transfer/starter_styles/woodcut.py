"""A woodcut: swelling lines cut around a low sun and along steep hills, black on cream with one red."""

from __future__ import annotations

import numpy as np
from PIL import Image

from transfer.starter_styles.canvas import Field, Rng, grid, inside, mix, noise, palette, slope, smoothstep, to_image

CREAM, RED, INK = palette("f1e3c6", "c8402a", "16120f")
SUN = (0.66, 0.25, 0.12)
RANGES = 5
LINES = 62.0


def draw(size: int, rng: Rng) -> Image.Image:
    x, y = grid(size)
    distance = np.hypot(x - SUN[0], y - SUN[1])
    tone = 0.2 + 0.55 * np.clip((distance - SUN[2]) * 1.6, 0, 1) + 0.06 * noise(size, 0.12, rng, 3)
    phase = distance
    outline = np.full_like(x, -1.0)
    for number in range(RANGES):
        crest = _crest(x, number, rng, size)
        depth = y - crest
        below = depth > 0
        tone = np.where(below, _slope_tone(depth, x, number, size, rng), tone)
        phase = np.where(below, _slope_phase(x, depth, number), phase)
        outline = np.where(below, 0.0026 - depth, np.maximum(outline, 0.0026 + depth))
    tone = np.where(distance < SUN[2], 0.05, tone)
    sheet = mix(np.broadcast_to(CREAM, (size, size, 3)), RED, _sun_print(distance, y, size, rng))
    ink = np.maximum(_cut(tone, phase + 0.0009 * noise(size, 0.01, rng, 2), size, rng), inside(outline))
    printed = ink * (0.97 - 0.25 * smoothstep(1.6, 2.6, noise(size, 0.004, rng)))
    return to_image(mix(sheet, INK, printed))


def _crest(x: Field, number: int, rng: Rng, size: int) -> Field:
    rough = noise(size, 0.16 / (1 + 0.25 * number), rng, 4)[size // 2]
    return 0.36 + 0.135 * number + 0.04 * np.broadcast_to(rough, x.shape) + 0.03 * np.sin(x * (5 + number) + 2 * number)


def _slope_tone(depth: Field, x: Field, number: int, size: int, rng: Rng) -> Field:
    ridges = np.sin(x * (17 + 5 * number) + 30 * depth + number)
    return 0.42 + 0.22 * ridges + 1.1 * depth + 0.09 * noise(size, 0.07, rng, 3)


def _slope_phase(x: Field, depth: Field, number: int) -> Field:
    lean = 0.75 if number % 2 else -0.75
    return depth * 0.8 + lean * x + 0.035 * np.sin(x * 14 + 9 * depth + number)


def _sun_print(distance: Field, y: Field, size: int, rng: Rng) -> Field:
    worn = 1 - 0.35 * smoothstep(1.0, 2.2, noise(size, (0.05, 0.004), rng, 2))
    return inside(SUN[2] - distance) * worn


def _cut(tone: Field, phase: Field, size: int, rng: Rng) -> Field:
    """1 where the block prints. A line is as wide as the place is dark, and the knife's edge chatters a little."""
    wave = 0.5 + 0.5 * np.cos(2 * np.pi * LINES * phase)
    edge = np.clip(tone, 0.04, 0.95) - wave + 0.05 * noise(size, 0.006, rng)
    across, down = slope(edge)
    return np.clip(0.5 + edge / (np.hypot(across, down) / size + 1e-6), 0, 1)
