"""Leaded glass: a rayed sun over hills and a river, each piece of glass streaked and lit from behind."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from PIL import Image

from transfer.starter_styles.canvas import (
    Colours,
    Field,
    Rng,
    blur,
    cells,
    grid,
    light,
    mix,
    noise,
    palette,
    ramp,
    slope,
    smoothstep,
    thickness,
    to_image,
)

SUN = (0.5, 0.4)
SUN_GLASS = palette("fff3b0", "ffd23f", "f79824")
SKY_GLASS = palette("f9b233", "ee6c2b", "c2264b", "7b1e6b", "3a1f7a", "1b2a80", "123a8c")
HILL_GLASS = palette("0b5d3b", "1c8a4a", "7db83a", "d6c832")
FAR_GLASS = palette("1a4f8f", "2a7fb0", "6a4fa0", "b5478f")
RIVER_GLASS = palette("0a3f8c", "1276c4", "35b6d8", "bdf0ea")
LEAD = palette("17161b")[0]
LEAD_WIDTH = 0.0058

Warp = Callable[[Field, Field], tuple[Field, Field]]


def draw(size: int, rng: Rng) -> Image.Image:
    x, y = grid(size)
    x, y = x + 0.006 * noise(size, 0.12, rng), y + 0.006 * noise(size, 0.12, rng)
    colour, lead = _sky(x, y, rng)
    for outline, warp, shades, tone in _fields(x, y):
        pane, border = _panes(warp(x, y), shades, tone, rng)
        colour = np.where((outline > 0)[..., None], pane, colour)
        lead = np.where(outline > 0, border, lead)
        lead = np.minimum(lead, thickness(outline) / size * 0.75)
    return to_image(_leaded(_lit(colour, x, y, rng), lead, size, rng))


def _sky(x: Field, y: Field, rng: Rng) -> tuple[Colours, Field]:
    dx, dy = x - SUN[0], y - SUN[1]
    radius, turn = np.hypot(dx, dy), np.arctan2(dy, dx) / (2 * np.pi) + 0.5
    ring = np.floor(np.log(np.maximum(radius, 1e-3) / 0.115) / 0.36)
    rays = np.where(ring < 0, 12, np.where(ring < 1, 24, 48))
    u, v = turn * rays + 0.5 * (ring % 2), np.log(np.maximum(radius, 0.02) / 0.115) / 0.36
    border = np.minimum(_to_line(u), _to_line(v))
    number = (np.floor(u) % rays * 7 + ring * 31).astype(np.int64) % 997
    jitter = rng.standard_normal(997)[number]
    outer = ramp(SKY_GLASS, np.clip((ring + 0.3) / 6 + 0.1 * jitter, 0, 1))
    inner = ramp(SUN_GLASS, np.clip(radius / 0.115 + 0.2 * jitter, 0, 1))
    return np.where((ring < 0)[..., None], inner, outer), border


def _to_line(coordinate: Field) -> Field:
    """Distance to the nearest whole number of a coordinate, as a length."""
    across, down = slope(coordinate)
    steep = np.minimum(np.hypot(across, down), 4000)
    off = np.abs(coordinate - np.round(coordinate))
    return off / (steep + 1e-6)


def _fields(x: Field, y: Field) -> list[tuple[Field, Warp, Colours, Field]]:
    """The land: where it is (positive inside), how its pieces lie, their colours and tone."""
    far = y - 0.6 - 0.07 * np.sin(6.3 * x + 0.6) - 0.03 * np.sin(15 * x)
    near = y - 0.72 + 0.1 * np.sin(4.4 * x + 0.4)
    bank = 0.46 + 0.13 * np.sin(7.5 * y - 4.2)
    river = np.minimum(0.05 + 0.33 * (y - 0.6) - np.abs(x - bank), y - 0.645)
    return [
        (far, lambda x, y: (x * 9, (y - 0.07 * np.sin(6.3 * x + 0.6)) * 13), FAR_GLASS, 0.5 + 1.5 * (y - 0.7)),
        (near, lambda x, y: (x * 7, (y + 0.1 * np.sin(4.4 * x + 0.4)) * 15), HILL_GLASS, 0.6 - 1.1 * (y - 0.8)),
        (river, lambda x, y: ((x - bank) * 9 / (0.5 + y), y * 26 + x * 4), RIVER_GLASS, 0.8 - 1.6 * (y - 0.65)),
    ]


def _panes(warped: tuple[Field, Field], shades: Colours, tone: Field, rng: Rng) -> tuple[Colours, Field]:
    number, border = cells(*warped, rng, jitter=0.75)
    across, down = slope(warped[1])
    own = rng.standard_normal(4096)[number]
    return ramp(shades, np.clip(tone + 0.3 * own, 0, 1)), border / (np.hypot(across, down) + 1e-6) * 1.15


def _lit(colour: Colours, x: Field, y: Field, rng: Rng) -> Colours:
    """Glass is streaked and seeded, and glows where the light stands behind it."""
    size = len(colour)
    streaks = noise(size, (0.16, 0.022), rng, 3) + 0.6 * noise(size, (0.02, 0.09), rng, 2)
    glow = np.exp(-(((x - SUN[0]) ** 2 + (y - SUN[1]) ** 2) / 0.16))
    bright = 0.84 + 0.13 * streaks + 0.35 * glow
    lit = colour * bright[..., None]
    return light(np.clip(lit + 0.06 * np.maximum(streaks - 0.8, 0)[..., None], 0, 1), streaks, depth=0.0035, gloss=0.1)


def _leaded(colour: Colours, lead: Field, size: int, rng: Rng) -> Colours:
    halo = blur(smoothstep(0, 0.02, lead), 0.004)
    colour = colour * (0.45 + 0.6 * halo)[..., None]
    came = np.clip((LEAD_WIDTH - lead) * size + 0.5, 0, 1)
    round_came = blur(np.sqrt(np.clip(1 - (lead / LEAD_WIDTH) ** 2, 0, 1)), 0.0012)
    metal = light(
        np.broadcast_to(LEAD + 0.1, colour.shape), round_came + 0.05 * noise(size, 0.01, rng), depth=0.01, gloss=0.5
    )
    return mix(colour, metal, came)
