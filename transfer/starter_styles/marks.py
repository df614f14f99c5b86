"""Marks laid one over another: brush strokes with bristles, dabs, gouges, tiles."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cache

import numpy as np

from transfer.starter_styles.canvas import Colours, Field, Rng, grid

KNOTS = np.linspace(-1, 1, 15)


@dataclass(frozen=True)
class Mark:
    """Where a mark lies: its middle, its direction (radians, clockwise from the right), its size and its bend (the
    sagitta of its arc, as a fraction of its length)."""

    x: float
    y: float
    angle: float
    length: float
    width: float
    bend: float = 0.0


@dataclass(frozen=True)
class Tool:
    """What makes the mark."""

    taper: float = 6.0
    """Outline: 2 is a lens, 8 nearly a rectangle."""
    ragged: float = 0.3
    """How much earlier some bristles run dry."""
    streak: float = 0.07
    """How much the bristles differ in brightness."""
    load: float = 1.0
    """How thick the paint lies."""
    opacity: float = 1.0


class Paint:
    """A ground that marks are laid on: its colour (size, size, 3) and the height of its paint (size, size)."""

    def __init__(self, colour: Colours) -> None:
        self.colour = colour.astype(np.float32).copy()
        self.height = np.zeros(colour.shape[:2], dtype=np.float32)
        self.size = len(colour)
        self._x, self._y = grid(self.size)

    def lay(self, mark: Mark, colour: Colours, tool: Tool, rng: Rng, tooth: Field | None = None) -> None:
        """Lay one mark; a `tooth` (0 to 1) lets the ground show where it is low."""
        box = self._box(mark)
        if box is None:
            return
        s, t = self._along_and_across(mark, box)
        bristles = np.interp(t, KNOTS, _profiles()[rng.integers(64)]).astype(np.float32)
        cover = self._cover(mark, tool, s, t, bristles) * tool.opacity
        if tooth is not None:
            cover = cover * tooth[box]
        ridge = 0.55 + 0.3 * bristles + 0.35 * t**4 - 0.25 * s
        self.height[box] += cover * (0.35 * self.height[box] + tool.load * ridge - self.height[box])
        self.colour[box] += cover[..., None] * (colour + (tool.streak * bristles)[..., None] - self.colour[box])

    def _box(self, mark: Mark) -> tuple[slice, slice] | None:
        reach = mark.length / 2 + mark.width
        sides = []
        for middle in (mark.y, mark.x):
            low, high = int((middle - reach) * self.size), int((middle + reach) * self.size) + 2
            sides.append(slice(max(low, 0), min(high, self.size)))
        return None if any(side.start >= side.stop for side in sides) else (sides[0], sides[1])

    def _along_and_across(self, mark: Mark, box: tuple[slice, slice]) -> tuple[Field, Field]:
        dx, dy = self._x[box] - mark.x, self._y[box] - mark.y
        cos, sin = np.float32(np.cos(mark.angle)), np.float32(np.sin(mark.angle))
        s = (dx * cos + dy * sin) * np.float32(2 / mark.length)
        t = (dy * cos - dx * sin - np.float32(mark.bend * mark.length) * (s * s - 0.5)) * np.float32(2 / mark.width)
        return s, t

    def _cover(self, mark: Mark, tool: Tool, s: Field, t: Field, bristles: Field) -> Field:
        outline = 1 - np.minimum(np.abs(s), 1) ** tool.taper
        sides = np.clip((outline - np.abs(t)) * (mark.width * self.size / 2) + 0.5, 0, 1)
        dry = 1 - tool.ragged * np.clip(0.5 - bristles / 2, 0, 1)
        ends = np.clip((dry - np.abs(s)) * (mark.length * self.size / 4) + 0.5, 0, 1)
        return sides * ends


@cache
def _profiles() -> Field:
    """Sixty-four brushes' bristles: how much paint each holds, about -1 to 1, smooth enough not to alias."""
    rows = np.random.default_rng(64).standard_normal((64, len(KNOTS) + 2))
    return np.clip((rows[:, :-2] + 1.6 * rows[:, 1:-1] + rows[:, 2:]) / 2.1, -1.2, 1.2)


def scatter(spacing: float, rng: Rng, margin: float = 0.03) -> Field:
    """Points strewn evenly over the square and a margin around it, in random order: (N, 2) of x and y."""
    steps = np.arange(-margin, 1 + margin, spacing)
    points = np.stack(np.meshgrid(steps, steps), axis=-1).reshape(-1, 2)
    points = points + (rng.random(points.shape) - 0.5) * 1.3 * spacing
    return rng.permutation(points)


def at(field: Field, x: float, y: float) -> Field:
    """The value of a field, or of a (size, size, 3) colour, at a point; outside the square, of the nearest edge."""
    size = len(field)
    return field[min(max(int(y * size), 0), size - 1), min(max(int(x * size), 0), size - 1)]


def along(angle: Field, x: float, y: float, length: float, width: float) -> Mark:
    """A mark that follows a direction field through a point, bent as the field turns."""
    middle = float(at(angle, x, y))
    step = length / 2
    ahead = float(at(angle, x + step * np.cos(middle), y + step * np.sin(middle)))
    behind = float(at(angle, x - step * np.cos(middle), y - step * np.sin(middle)))
    turn = (ahead - behind + np.pi / 2) % np.pi - np.pi / 2
    return Mark(x, y, middle, length, width, bend=float(np.clip(turn / 8, -0.18, 0.18)))


def varied(mark: Mark, rng: Rng, amount: float = 0.25) -> Mark:
    """The mark as a hand would make it: a little longer, thinner, turned."""
    stretch, swell, turn = 1 + amount * rng.standard_normal(3).clip(-2, 2)
    return replace(
        mark, length=mark.length * stretch, width=mark.width * swell, angle=mark.angle + 0.5 * (turn - 1) * amount
    )
