"""Where the studio's sliders stand, and what that means to the painter: 0 to 100, with the usual in the middle."""

from __future__ import annotations

from math import log

from transfer.orders import BRUSH_SIZES, STYLE_STRENGTHS

LOW, MIDDLE, HIGH = 0, 50, 100
_STRENGTH_RATIO = STYLE_STRENGTHS[1] / STYLE_STRENGTHS[0]


def strength_at(position: float) -> float:
    """The style strength, which is felt by its ratio: each step is the same number of times stronger."""
    return float(STYLE_STRENGTHS[0] * _STRENGTH_RATIO ** (position / HIGH))


def position_of_strength(strength: float) -> int:
    return _on_the_slider(HIGH * log(max(strength, 1e-9) / STYLE_STRENGTHS[0]) / log(_STRENGTH_RATIO))


def brush_at(position: float) -> float:
    """The brush size."""
    return BRUSH_SIZES[0] + (BRUSH_SIZES[1] - BRUSH_SIZES[0]) * position / HIGH


def position_of_brush(size: float) -> int:
    return _on_the_slider(HIGH * (size - BRUSH_SIZES[0]) / (BRUSH_SIZES[1] - BRUSH_SIZES[0]))


def _on_the_slider(position: float) -> int:
    return round(min(max(position, LOW), HIGH))
