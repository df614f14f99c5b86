"""Bands that bulge and sink: hard-edged waves whose colours turn as they pass over hidden spheres."""

from __future__ import annotations

import numpy as np
from PIL import Image

from transfer.starter_styles.canvas import Colours, Field, Rng, grid, mix, noise, palette, ramp, slope, to_image

WARM = palette("2a1458", "8a1f6f", "e0344f", "f7813a", "fbd04b", "fdf3cf")
COLD = palette("06283d", "0b5a73", "12a0a0", "6fd6b5", "eafbe0")
# x, y, radius and depth of the spheres under the bands.
SPHERES = ((0.3, 0.3, 0.27, 1.0), (0.74, 0.62, 0.3, -1.0), (0.2, 0.84, 0.2, 1.0), (0.85, 0.14, 0.2, 1.0))
BANDS = 21.0


def draw(size: int, rng: Rng) -> Image.Image:
    x, y = grid(size)
    height, flat_u, flat_v = _bulged(x, y)
    u, v = flat_u + 0.035 * np.sin(8 * flat_v + 1), flat_v + 0.04 * np.sin(7 * flat_u)
    phase = BANDS * (u + 0.055 * np.sin(17 * v)) + 0.01 * noise(size, 0.02, rng)
    odd = _square(phase)
    shade = np.clip(0.5 + 0.42 * np.sin(5.2 * v + 2 * u) + 0.3 * height, 0, 1)
    round_band: Field = 0.86 + 0.16 * np.cos(2 * np.pi * phase) * np.where(odd > 0.5, 1, -1)
    colour: Colours = mix(ramp(COLD, 1 - shade), ramp(WARM, shade), odd) * round_band[..., None]
    cross = _square(BANDS * 0.5 * v + 0.25) * (1 - odd)
    colour = mix(colour, colour[..., ::-1] * 0.55 + 0.08, cross * 0.8)
    print_grain = 1 + 0.03 * noise(size, 0.0022, rng) + 0.03 * noise(size, (0.03, 0.003), rng)
    return to_image(np.clip(colour * (1 + 0.35 * height * _light(x, y))[..., None] * print_grain[..., None], 0, 1))


def _bulged(x: Field, y: Field) -> tuple[Field, Field, Field]:
    """How high the surface stands, and where its bands' coordinates have been pushed."""
    height, u, v = np.zeros_like(x), x.copy(), y.copy()
    for middle_x, middle_y, radius, depth in SPHERES:
        dx, dy = x - middle_x, y - middle_y
        away = np.hypot(dx, dy) / radius
        dome = np.sqrt(np.clip(1 - away**2, 0, 1))
        pull = -0.55 * depth * dome
        u, v = u + dx * pull, v + dy * pull
        height = height + depth * dome
    return height, u, v


def _square(phase: Field) -> Field:
    """1 in every other band, with an edge a pixel wide."""
    across, down = slope(phase)
    steep = np.hypot(across, down) / len(phase) + 1e-6
    return np.clip(0.5 + np.sin(2 * np.pi * phase) / (2 * np.pi * steep), 0, 1)


def _light(x: Field, y: Field) -> Field:
    return 1.2 - 0.9 * (x + y) / 2
