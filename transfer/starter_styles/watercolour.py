"""Watercolour, wet into wet: poppies and cornflowers whose washes pool at their edges and granulate on rough paper."""

from __future__ import annotations

import numpy as np
from PIL import Image

from transfer.starter_styles.canvas import Colours, Field, Rng, blur, grid, noise, palette, slope, smoothstep, to_image

PAPER = palette("f7f1e4")[0]
GROUND = palette("a9c6c9", "cfe0c4", "f0dcae", "e9b9a0", "b9b4d6")
PETALS = palette("d8343a", "e8662f", "f0a02e", "c42a66", "3f58b8", "5a3f9e", "2f7fae")
GREENS = palette("3f6b3a", "6f9a44", "2f5f5a", "8a9a3a")
FLOWERS, LEAVES, SPLASHES = 46, 70, 140


def draw(size: int, rng: Rng) -> Image.Image:
    x, y = grid(size)
    tooth = noise(size, 0.0045, rng, 3)
    sheet = np.broadcast_to(PAPER, (size, size, 3)).copy()
    for tint in GROUND:
        sheet = _washed(sheet, smoothstep(0.1, 0.9, noise(size, 0.32, rng, 3)) * 0.8, tint, tooth, rng)
    for _ in range(LEAVES):
        _blade(sheet, x, y, tooth, rng)
    for _ in range(FLOWERS):
        _flower(sheet, x, y, tooth, rng)
    for _ in range(SPLASHES):
        _splash(sheet, x, y, rng)
    relief = 1 + 0.035 * np.clip(-sum(slope(blur(tooth, 0.001))) / 220, -2, 2)
    return to_image(np.clip(sheet * relief[..., None], 0, 1))


def _washed(sheet: Colours, cover: Field, tint: Colours, tooth: Field, rng: Rng) -> Colours:
    """A transparent layer: pigment darkens what lies under it, gathers at the wash's edge and in the paper's pits."""
    size = len(cover)
    edge = np.clip(cover - blur(cover, 0.006), 0, 1) * 1.5
    pooled = 1 + 0.3 * noise(size, 0.08, rng, 3)
    density = np.clip(cover * pooled * (1 - 0.16 * tooth) * 0.75 + edge, 0, 1.7)
    return sheet * np.exp(np.log(np.clip(tint, 0.04, 1)) * density[..., None])


def _flower(sheet: Colours, x: Field, y: Field, tooth: Field, rng: Rng) -> None:
    middle_x, middle_y, radius = rng.uniform(0, 1), rng.uniform(0, 1), rng.uniform(0.05, 0.12)
    tint = np.clip(PETALS[rng.integers(len(PETALS))] + 0.04 * rng.standard_normal(3), 0, 1)
    box = _box(sheet, middle_x, middle_y, radius * 1.6)
    dx, dy = x[box] - middle_x, y[box] - middle_y
    turn, away = np.arctan2(dy * rng.uniform(1, 1.5), dx), np.hypot(dx, dy * rng.uniform(1, 1.4)) / radius
    for petals in (rng.integers(4, 7), rng.integers(4, 7)):
        outline = 0.78 + 0.2 * np.cos(petals * turn + rng.uniform(0, 6)) + _uneven(box, x, rng)
        cover = smoothstep(0.035, -0.035, away - outline) * (0.45 + 0.4 * away)
        sheet[box] = _washed_part(sheet[box], cover, tint, tooth[box])
    heart = smoothstep(0.06, -0.06, away - 0.2 - _uneven(box, x, rng))
    sheet[box] = _washed_part(sheet[box], heart * 1.2, np.array((0.12, 0.1, 0.2)), tooth[box])


def _blade(sheet: Colours, x: Field, y: Field, tooth: Field, rng: Rng) -> None:
    middle_x, middle_y, length = rng.uniform(0, 1), rng.uniform(0, 1), rng.uniform(0.1, 0.24)
    box = _box(sheet, middle_x, middle_y, length)
    angle = -np.pi / 2 + 0.6 * rng.standard_normal()
    dx, dy = x[box] - middle_x, y[box] - middle_y
    s, t = dx * np.cos(angle) + dy * np.sin(angle), dy * np.cos(angle) - dx * np.sin(angle)
    t = t - rng.uniform(-1.5, 1.5) * s * s / length
    width = rng.uniform(0.05, 0.13) * length * np.clip(1 - (2 * s / length) ** 2, 0, 1)
    cover = smoothstep(0.0015, -0.0015, np.abs(t) - width) * (np.abs(s) < length / 2)
    sheet[box] = _washed_part(sheet[box], cover * rng.uniform(0.5, 0.9), GREENS[rng.integers(len(GREENS))], tooth[box])


def _splash(sheet: Colours, x: Field, y: Field, rng: Rng) -> None:
    middle_x, middle_y, radius = rng.uniform(0, 1), rng.uniform(0, 1), 0.0015 + 0.004 * rng.random() ** 3
    box = _box(sheet, middle_x, middle_y, 2 * radius + 0.004)
    drop = smoothstep(0.0012, -0.0012, np.hypot(x[box] - middle_x, y[box] - middle_y) - radius)
    sheet[box] = sheet[box] * (1 - 0.6 * drop[..., None] * (1 - PETALS[rng.integers(len(PETALS))]))


def _washed_part(part: Colours, cover: Field, tint: Colours, tooth: Field) -> Colours:
    """`_washed` for a small shape, whose pool is its rim."""
    down, across = np.gradient(cover)
    rim = np.clip(np.hypot(across, down) * 0.9, 0, 0.5)
    density = np.clip(cover * (1 - 0.16 * tooth) + rim, 0, 1.7)
    return part * np.exp(np.log(np.clip(tint, 0.04, 1)) * density[..., None])


def _uneven(box: tuple[slice, slice], x: Field, rng: Rng) -> Field:
    """How the wet edge strays, for the pixels of a box."""
    return 0.05 * noise(len(x), 0.025, rng, 2)[box]


def _box(sheet: Colours, middle_x: float, middle_y: float, reach: float) -> tuple[slice, slice]:
    """The pixels around a point, not fewer than two either way."""
    size = len(sheet)
    low_x, low_y = (min(max(int((middle - reach) * size), 0), size - 2) for middle in (middle_x, middle_y))
    high_x, high_y = (max(int((middle + reach) * size) + 2, 2) for middle in (middle_x, middle_y))
    return slice(low_y, max(high_y, low_y + 2)), slice(low_x, max(high_x, low_x + 2))
