"""A colour print of the sea: scalloped waves with clawed foam, flat blues shaded by hand, fine parallel lines."""

from __future__ import annotations

import numpy as np
from PIL import Image

from transfer.starter_styles.canvas import (
    Colours,
    Field,
    Rng,
    grid,
    inside,
    mix,
    noise,
    palette,
    ramp,
    smoothstep,
    to_image,
)

SKY = palette("efe0be", "f0d3a4", "e9a982", "c9787a")
BLUES = palette("0f2a4f", "1b4a7f", "3c7fa8", "86b6c2")
FOAM, LINE = palette("f6efdc", "14233f")
ROWS = 11
SCALLOPS = 5.0


def draw(size: int, rng: Rng) -> Image.Image:
    x, y = grid(size)
    wood = noise(size, (0.5, 0.006), rng, 2) + 0.5 * np.sin(60 * y + 2.5 * noise(size, 0.3, rng))
    colour = ramp(SKY, np.clip(1.15 - y / 0.5 + 0.02 * wood, 0, 1))
    colour = _clouds(colour, x, y, size, rng)
    for row in range(ROWS):
        colour = _row_of_waves(colour, x, y, row, size, rng)
    worn = 1 - 0.05 * smoothstep(0.8, 2.2, wood)
    return to_image(np.clip(colour * (worn + 0.012 * noise(size, 0.002, rng))[..., None], 0, 1))


def _clouds(colour: Colours, x: Field, y: Field, size: int, rng: Rng) -> Colours:
    bands = noise(size, (0.45, 0.06), rng, 2)
    lines = inside(0.32 - np.abs(((y + 0.012 * np.sin(9 * x)) * 58) % 1 - 0.5))
    return mix(colour, FOAM, lines * smoothstep(0.5, 0.9, bands) * 0.75)


def _row_of_waves(colour: Colours, x: Field, y: Field, row: int, size: int, rng: Rng) -> Colours:
    near = row / (ROWS - 1)
    count = SCALLOPS * (1.5 - 0.75 * near)
    swell = 0.03 * np.sin(5 * x + 1.7 * row) + 0.02 * np.sin(11 * x + row)
    place = x * count + 0.5 * (row % 2) + 0.15 * np.sin(3 * x + row)
    local = place - np.round(place)
    top = 0.2 + 0.075 * row + 0.012 * row * near + swell
    radius = 0.62 / count
    lean = local + 0.35 * (y - top) * count * 0.3
    below = y - top - radius * (1 - np.sqrt(np.clip(1 - (lean * 1.85) ** 2, 0, 1))) * 1.5
    claws = 0.011 * (0.4 + near) * np.abs(np.sin(place * 34 + 2 * np.sin(place * 5 + row)))
    wave = inside(below + claws)
    return mix(colour, _wave_colour(below, local, place, near, size, rng), wave)


def _wave_colour(below: Field, local: Field, place: Field, near: float, size: int, rng: Rng) -> Colours:
    """Foam at the crest, an outline under it, then blue that pales downwards with lines along the hollow."""
    crest = 0.013 + 0.016 * near
    tint = ramp(BLUES, np.clip(0.15 + below / (0.12 + 0.08 * near) + 0.25 * np.abs(local), 0, 1))
    period = 0.0125 + 0.006 * near
    colour = mix(tint, LINE, smoothstep(0.36, 0.46, np.abs((below / period) % 1 - 0.5)) * 0.7)
    pale = inside(0.09 - np.abs((below / (2.9 * period)) % 1 - 0.5))
    colour = mix(colour, FOAM, pale * smoothstep(0.02, 0.06, below) * 0.85)
    fingers = crest * (1 + 0.75 * np.abs(np.sin(place * 23)) + 0.35 * noise(size, 0.02, rng))
    colour = mix(colour, LINE, inside(fingers + 0.0028 - below))
    return mix(colour, FOAM, inside(fingers - below) * inside(below + 0.011 - 0.0022))
