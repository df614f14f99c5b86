"""What every hand draws with: fields over the unit square, noise, colour ramps, light on relief.

A field is a float array (size, size) whose pixel centres are points of the unit square, x to the right and y down. All
lengths are fractions of the side, so that a picture is the same picture at any size.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageColor

Field = NDArray[np.floating[Any]]
Colours = NDArray[np.floating[Any]]
Rng = np.random.Generator


def grid(size: int) -> tuple[Field, Field]:
    """The x and y of every pixel's centre."""
    centres = (np.arange(size, dtype=np.float32) + 0.5) / size
    x, y = np.meshgrid(centres, centres)
    return x, y


def palette(*codes: str) -> Colours:
    """Colours by their hexadecimal codes: (N, 3), 0 to 1."""
    return np.array([ImageColor.getrgb(f"#{code}")[:3] for code in codes], dtype=np.float32) / 255


def ramp(colours: Colours, t: Field) -> Colours:
    """The colours at `t`, 0 the first and 1 the last, blended between neighbours: (…) → (…, 3)."""
    stops = np.linspace(0, 1, len(colours))
    return np.stack([np.interp(t, stops, channel) for channel in colours.T], axis=-1).astype(np.float32)


def smoothstep(low: float, high: float, value: Field) -> Field:
    """0 below `low`, 1 above `high`, a smooth rise between; falls where `low` is the greater."""
    t = np.clip((value - low) / (high - low), 0, 1)
    return t * t * (3 - 2 * t)


def mix(a: Colours, b: Colours, amount: Field | float) -> Colours:
    """`a` where the amount is 0, `b` where it is 1."""
    weight = np.asarray(amount, dtype=np.float32)[..., None]
    return a * (1 - weight) + b * weight


def noise(size: int, cell: float | tuple[float, float], rng: Rng, octaves: int = 1) -> Field:
    """Smooth random field of mean 0 and deviation 1; `cell` is its grain, (across, down) where the two differ."""
    across, down = cell if isinstance(cell, tuple) else (cell, cell)
    total = np.zeros((size, size), dtype=np.float32)
    for octave in range(octaves):
        total += _lattice(size, across / 2**octave, down / 2**octave, rng) * 0.55**octave
    return (total - total.mean()) / (total.std() + 1e-6)


def _lattice(size: int, across: float, down: float, rng: Rng) -> Field:
    columns, rows = 1 / across, 1 / down
    knots = rng.standard_normal((int(rows) + 5, int(columns) + 5)).astype(np.float32)
    box = (1.5, 1.5, 1.5 + columns, 1.5 + rows)
    return np.asarray(Image.fromarray(knots).resize((size, size), Image.Resampling.BICUBIC, box=box))


def blur(field: Field, radius: float) -> Field:
    """Gaussian blur; `radius` is its deviation. The picture is mirrored at its edges."""
    size = len(field)
    margin = min(int(3 * radius * size) + 1, size)
    padded = np.pad(field, margin, mode="symmetric")
    frequencies = np.fft.fftfreq(len(padded)), np.fft.rfftfreq(len(padded))
    down, across = (np.exp(-2 * (np.pi * radius * size * f) ** 2) for f in frequencies)
    blurred = np.fft.irfft2(np.fft.rfft2(padded) * down[:, None] * across[None, :], padded.shape)
    return blurred[margin : margin + size, margin : margin + size].astype(np.float32)


def slope(field: Field) -> tuple[Field, Field]:
    """How the field rises to the right and down, a unit of length."""
    down, across = map(np.asarray, np.gradient(field))
    return across * len(field), down * len(field)


def thickness(field: Field) -> Field:
    """A field's values as distances from its zero line, in pixels: |f| / |∇f|, right near the line."""
    across, down = slope(field)
    return np.abs(field) / (np.hypot(across, down) + 1e-6) * len(field)


def inside(field: Field) -> Field:
    """Where the field is positive, 1, else 0, with an edge a pixel wide."""
    return np.clip(0.5 + np.sign(field) * thickness(field), 0, 1)


def light(colour: Colours, height: Field, *, depth: float, gloss: float = 0.0) -> Colours:
    """The colour of a relief lit from the upper left. `depth` scales the height, `gloss` the highlights."""
    across, down = slope(height)
    across, down = across * depth, down * depth
    normal = 1 / np.sqrt(across**2 + down**2 + 1)
    diffuse = (0.5 * across + 0.55 * down + 0.67) * normal
    highlight = np.clip((0.27 * across + 0.3 * down + 0.915) * normal, 0, 1) ** 40
    flat = 0.915**40
    lit = colour * (0.25 + diffuse / 0.67 * 0.75)[..., None] + gloss * (highlight - flat)[..., None]
    return np.clip(lit, 0, 1)


def cells(u: Field, v: Field, rng: Rng, *, jitter: float = 0.8) -> tuple[NDArray[np.int64], Field]:
    """Voronoi cells of one jittered site a unit square of (u, v): each pixel's cell, and its distance to the nearest
    border in units of (u, v).

    A skewed (u, v), polar say, gives cells that follow it. Cell numbers are 0 to 4095 and serve to look things up.
    """
    offsets = (rng.random((64, 64, 2)).astype(np.float32) - 0.5) * jitter + 0.5
    column, row = np.floor(u).astype(np.int64), np.floor(v).astype(np.int64)
    near: list[tuple[Field, Field, NDArray[np.int64]]] = []
    for i in (-2, -1, 0, 1, 2):
        for j in (-2, -1, 0, 1, 2):
            number = (row + j) % 64 * 64 + (column + i) % 64
            site = offsets.reshape(-1, 2)[number]
            near.append((column + i + site[..., 0] - u, row + j + site[..., 1] - v, number))
    return _nearest(near)


def _nearest(near: list[tuple[Field, Field, NDArray[np.int64]]]) -> tuple[NDArray[np.int64], Field]:
    best, home = np.full_like(near[0][0], np.inf), np.zeros_like(near[0][2])
    best_u, best_v = np.zeros_like(best), np.zeros_like(best)
    for du, dv, number in near:
        closer = du * du + dv * dv < best
        best = np.where(closer, du * du + dv * dv, best)
        best_u, best_v = np.where(closer, du, best_u), np.where(closer, dv, best_v)
        home = np.where(closer, number, home)
    border = np.full_like(best, np.inf)
    for du, dv, number in near:
        apart = np.hypot(du - best_u, dv - best_v) + 1e-6
        distance = (du * du + dv * dv - best) / (2 * apart)
        border = np.where(number == home, border, np.minimum(border, distance))
    return home, border


def to_image(colour: Colours) -> Image.Image:
    """The picture of a (size, size, 3) array of 0 to 1."""
    return Image.fromarray((np.clip(colour, 0, 1) * 255 + 0.5).astype(np.uint8))
