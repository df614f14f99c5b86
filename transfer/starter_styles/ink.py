"""Ink on soft paper: peaks behind peaks in mist, each a wet wash with dry strokes down its sides."""

from __future__ import annotations

import numpy as np
from PIL import Image

from transfer.starter_styles.canvas import Colours, Field, Rng, blur, grid, mix, noise, palette, smoothstep, to_image
from transfer.starter_styles.marks import Mark, Paint, Tool, at, scatter, varied

PAPER, INK = palette("ece4d0", "1b2126")
RANGES = 6


def draw(size: int, rng: Rng) -> Image.Image:
    x, y = grid(size)
    fibres = noise(size, (0.03, 0.004), rng, 3) + noise(size, (0.004, 0.03), rng, 3)
    wash = 0.10 + 0.05 * noise(size, 0.3, rng, 4) + 0.1 * smoothstep(0.35, 0, y)
    sheet = Paint(mix(np.broadcast_to(PAPER, (size, size, 3)), INK, np.clip(wash, 0, 1)))
    tooth = smoothstep(-0.9, 0.5, noise(size, 0.0035, rng) + 0.6 * fibres)
    for number in range(RANGES):
        _range(sheet, x, y, number, tooth, rng)
    return to_image(np.clip(sheet.colour * (1 + 0.025 * fibres + 0.02 * noise(size, 0.002, rng))[..., None], 0, 1))


def _range(sheet: Paint, x: Field, y: Field, number: int, tooth: Field, rng: Rng) -> None:
    """One range of peaks: dark at its crest, lost in mist at its foot."""
    size, near = sheet.size, number / (RANGES - 1)
    crest = _crest(x, number, size, rng)
    depth = y - crest - 0.004 * noise(size, 0.012, rng, 2)
    fade = np.exp(-np.clip(depth, 0, None) / (0.1 + 0.25 * near))
    pooled = 0.5 + 0.35 * noise(size, 0.06, rng, 4) + 0.5 * np.exp(-np.clip(depth, 0, None) / 0.008)
    body = smoothstep(-0.002, 0.003, depth) * fade * (0.45 + 0.75 * near) * np.clip(pooled, 0.25, 1.3)
    body = 0.7 * body + 0.3 * blur(body, 0.004)
    sheet.colour[:] = mix(sheet.colour, INK, np.clip(body, 0, 0.95))
    _dry_strokes(sheet, crest, near, tooth, rng)


def _crest(x: Field, number: int, size: int, rng: Rng) -> Field:
    peaks = noise(size, 0.2, rng, 6)[size // 3]
    sharp = 0.6 * peaks - 0.55 * np.abs(noise(size, 0.16, rng, 4)[size // 2])
    return 0.34 + 0.125 * number - 0.055 * np.broadcast_to(sharp, x.shape)


def _dry_strokes(sheet: Paint, crest: Field, near: float, tooth: Field, rng: Rng) -> None:
    for x, y in scatter(0.021, rng):
        depth = y - float(at(crest, x, y))
        if not 0.004 < depth < 0.05 + 0.1 * near:
            continue
        steep = float(at(crest, x + 0.02, y) - at(crest, x - 0.02, y)) / 0.04
        angle = np.arctan2(0.9, 0.5 * np.sign(steep)) + 0.3 * rng.standard_normal()
        mark = Mark(x, y, angle, 0.022 + 0.05 * near, 0.004 + 0.008 * near, bend=0.08 * rng.standard_normal())
        strength = (0.5 + 0.5 * near) * np.exp(-depth / 0.08)
        tool = Tool(taper=2.5, ragged=0.8, streak=0.03, opacity=float(np.clip(strength, 0, 0.95)))
        sheet.lay(varied(mark, rng, 0.4), _diluted(rng), tool, rng, tooth)


def _diluted(rng: Rng) -> Colours:
    return INK + (PAPER - INK) * rng.uniform(0, 0.15)
