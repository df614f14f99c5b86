"""Curves as shapes that a template draws: a training's in a picture of 480 × 200, a painting's in one of 100 × 32."""

from __future__ import annotations

import math
from dataclasses import dataclass

from django.utils.translation import gettext as _

from transfer.models import Generator, Job

LEFT, RIGHT, TOP, BOTTOM = 40, 470, 10, 172
GRID_LINES = 4
SPARK_HEIGHT, SPARK_MARGIN = 32, 2

Point = tuple[float, float]


@dataclass(frozen=True)
class Line:
    """One quantity over the steps."""

    label: str
    kind: str
    """`first` or `second`, by which the style sheet tells lines apart."""
    points: str
    """As SVG writes them."""
    last: str
    dots: tuple[Point, ...] = ()
    """Where single measurements are to be seen."""


@dataclass(frozen=True)
class Tick:
    at: float
    label: str


@dataclass(frozen=True)
class Chart:
    """Lines on common axes."""

    title: str
    lines: tuple[Line, ...]
    across: tuple[Tick, ...]
    up: tuple[Tick, ...]


def loss_line(job: Job) -> str:
    """The loss over the painting so far, as SVG writes points; on a logarithmic scale, for it falls by powers of ten.
    Empty before there are two points."""
    if len(job.curve) < 2:
        return ""
    heights = [math.log(max(loss, 1e-12)) for __, loss in job.curve]
    low, span = min(heights), max(max(heights) - min(heights), 1e-9)
    places = [
        (100 * fraction, SPARK_MARGIN + (SPARK_HEIGHT - 2 * SPARK_MARGIN) * (1 - (height - low) / span))
        for (fraction, __), height in zip(job.curve, heights, strict=True)
    ]
    return " ".join(f"{x:.1f},{y:.1f}" for x, y in places)


def charts_of(generator: Generator) -> list[Chart]:
    """The losses, what the discriminator believes, and the distance to the pictures; empty before the first point."""
    if not generator.curve:
        return []
    losses = {_("Discriminator"): "discriminator_loss", _("Generator"): "generator_loss"}
    beliefs = {_("D(x), real pictures"): "real", _("D(G(z)), generated ones"): "fake"}
    charts = [
        _chart(generator, _("Losses"), losses),
        _chart(generator, _("Taken for real by the discriminator"), beliefs, highest=1.0),
        _chart(generator, _("Fréchet distance, lower is better"), {_("Distance"): "frechet"}),
    ]
    return [chart for chart in charts if chart.lines]


def _chart(generator: Generator, title: str, series: dict[str, str], highest: float | None = None) -> Chart:
    measured = {
        label: [(point["step"], point[name]) for point in generator.curve if point[name] is not None]
        for label, name in series.items()
    }
    measured = {label: points for label, points in measured.items() if points}
    top = highest or rounded_up(max((value for points in measured.values() for __, value in points), default=1.0))
    steps = max(1, generator.total_steps)
    kinds = ("first", "second")
    lines = [
        _line(label, kind, points, steps, top) for kind, (label, points) in zip(kinds, measured.items(), strict=False)
    ]
    return Chart(title, tuple(lines), _ticks_across(steps), _ticks_up(top))


def _line(label: str, kind: str, points: list[Point], steps: int, top: float) -> Line:
    places = [(_across(step, steps), _up(value, top)) for step, value in points]
    written = " ".join(f"{x:g},{y:g}" for x, y in places)
    # Where there are few, each point is a measurement of its own.
    dots = tuple(places) if len(places) <= 40 else ()
    return Line(label, kind, written, number(points[-1][1]), dots)


def _ticks_across(steps: int) -> tuple[Tick, ...]:
    marks = sorted({round(steps * part / GRID_LINES) for part in range(GRID_LINES + 1)})
    return tuple(Tick(_across(step, steps), f"{step}") for step in marks)


def _ticks_up(top: float) -> tuple[Tick, ...]:
    values = [top * part / GRID_LINES for part in range(GRID_LINES + 1)]
    return tuple(Tick(_up(value, top), number(value)) for value in values)


def _across(step: float, steps: int) -> float:
    return round(LEFT + (RIGHT - LEFT) * step / steps, 1)


def _up(value: float, top: float) -> float:
    return round(BOTTOM - (BOTTOM - TOP) * min(value, top) / top, 1)


def rounded_up(value: float) -> float:
    """The next of 1, 2, 4, 6, 8 and 10 times a power of ten, which quarters into short numbers."""
    if value <= 0:
        return 1.0
    power = 10.0 ** math.floor(math.log10(value))
    return next(factor * power for factor in (1, 2, 4, 6, 8, 10) if value <= factor * power * (1 + 1e-9))


def number(value: float) -> str:
    """Three figures, and no exponent where none is needed."""
    return f"{value:.3g}" if value < 1000 else f"{value:.0f}"
