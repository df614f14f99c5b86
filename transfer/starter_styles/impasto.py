"""Oil, thickly laid: a whirling evening sky over furrowed hills."""

from __future__ import annotations

import numpy as np
from PIL import Image

from transfer.starter_styles.canvas import Colours, Field, Rng, grid, light, mix, noise, palette, ramp, slope, to_image
from transfer.starter_styles.marks import Paint, Tool, along, at, scatter, varied

SKY = palette("0d2f4f", "14647a", "1f8a8c", "6cc0a8", "f2e3b3", "1d7f8d", "174a7c", "2b2f6b")
GLOW = palette("fff2c4", "ffd35c", "f79a3a", "e8643c", "b84a5e")
HILLS = (
    palette("3b3a78", "5a4f9a", "8e6fae", "d98a7c"),
    palette("7a2f5c", "b5475a", "e07a4a", "f3b64e"),
    palette("1c4a4a", "2f7a58", "86a848", "e2c552"),
    palette("12243f", "1d4a5e", "2f7f78", "5a3a6a"),
)
SUN = (0.68, 0.27)
# x, y, reach and turn of the sky's eddies; the sun is the first.
EDDIES = (
    (*SUN, 0.2, 1.7),
    (0.24, 0.31, 0.15, -1.2),
    (0.42, 0.07, 0.1, 0.8),
    (0.04, 0.1, 0.11, 0.9),
    (0.97, 0.09, 0.1, -0.8),
)
LAYERS = ((0.030, 0.13, 0.034), (0.019, 0.085, 0.019), (0.014, 0.06, 0.011))


def draw(size: int, rng: Rng) -> Image.Image:
    colour, angle = _scene(size, rng)
    paint = Paint(colour * 0.55)
    for layer, (spacing, length, width) in enumerate(LAYERS):
        _brush(paint, colour, angle, rng, spacing=spacing, length=length, width=width, keep=1.0 if layer < 2 else 0.6)
    canvas = 0.05 * noise(size, 0.004, rng)
    return to_image(light(paint.colour, paint.height + canvas, depth=0.0034, gloss=0.2))


def _brush(
    paint: Paint, colour: Colours, angle: Field, rng: Rng, *, spacing: float, length: float, width: float, keep: float
) -> None:
    for x, y in scatter(spacing, rng):
        if rng.random() > keep:
            continue
        mark = varied(along(angle, x, y, length, width), rng)
        tint = at(colour, x, y) * (1 + 0.13 * rng.standard_normal()) + 0.035 * rng.standard_normal(3)
        paint.lay(mark, tint, Tool(ragged=0.35, streak=0.085), rng)


def _scene(size: int, rng: Rng) -> tuple[Colours, Field]:
    """The underpainting, and which way the brush goes."""
    x, y = grid(size)
    stream = _sky_stream(x, y) + 0.012 * noise(size, 0.3, rng)
    colour = _sky_colour(x, y, stream)
    angle = _contour(stream)
    for number, shades in enumerate(HILLS):
        crest = _crest(x, number)
        furrows = (y - crest) * (5 + number) + (0.5 - x) * (-1) ** number * (1.2 + y) + 0.03 * noise(size, 0.1, rng)
        below = y > crest
        tone = 0.5 + 0.5 * np.sin(furrows * 26) - 0.35 * np.exp(-(y - crest) / 0.03) * (-1) ** number
        colour = np.where(below[..., None], ramp(shades, np.clip(tone, 0, 1)), colour)
        angle = np.where(below, _contour(furrows), angle)
    return colour, angle


def _crest(x: Field, number: int) -> Field:
    rise = 0.055 * np.sin(x * (4.2 + number * 1.3) + number * 2.4) + 0.02 * np.sin(x * 13 + number)
    return 0.56 + 0.12 * number + rise


def _sky_stream(x: Field, y: Field) -> Field:
    """A stream function: its level lines are the way the wind goes."""
    stream = 0.36 * y + 0.03 * np.sin(5 * x + 4 * y)
    for middle_x, middle_y, reach, turn in EDDIES:
        distance = np.hypot(x - middle_x, y - middle_y)
        stream = stream + turn * 0.13 * np.exp(-((distance / reach) ** 1.5))
    return stream


def _sky_colour(x: Field, y: Field, stream: Field) -> Colours:
    colour = ramp(SKY, (stream * 4.6 + 0.08) % 1.0)
    colour = mix(colour, np.broadcast_to(palette("f0a46c"), colour.shape), 0.75 * np.exp(-(((y - 0.6) / 0.11) ** 2)))
    for middle_x, middle_y, reach, _ in EDDIES[1:]:
        distance = np.hypot(x - middle_x, y - middle_y) / reach
        star = np.exp(-((distance / 0.3) ** 2)) + 0.5 * np.exp(-(((distance - 0.62) / 0.1) ** 2))
        colour = mix(colour, np.broadcast_to(palette("fdeebc"), colour.shape), np.clip(star, 0, 0.95))
    distance = np.hypot(x - SUN[0], y - SUN[1])
    rings = 0.5 + 0.5 * np.cos(distance * 120)
    halo = np.exp(-((np.maximum(distance - 0.095, 0) / 0.1) ** 2)) * (0.45 + 0.55 * rings)
    return mix(colour, ramp(GLOW, np.clip(distance / 0.24, 0, 1)), np.where(distance < 0.095, 1, halo))


def _contour(stream: Field) -> Field:
    across, down = slope(stream)
    return np.arctan2(-across, down)
