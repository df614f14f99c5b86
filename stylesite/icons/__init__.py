"""The site's mark, static/favicon.svg, as the PNGs that phones install; `python -m stylesite.icons` draws them anew.

Knows as much of SVG as the mark needs: paths of moves, circle's arcs, vertical lines and closings, filled or stroked.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from xml.etree import ElementTree

from PIL import Image, ImageDraw

STATIC = Path(__file__).resolve().parents[2] / "static"
MARK = STATIC / "favicon.svg"
SVG = "{http://www.w3.org/2000/svg}"
VIEW = 32
WALL = "#f5f7f6"
# Drawn this much larger and then made small, for smooth edges.
FINER = 8
ARC_STEPS = 64
COLOURS = 64
COMMAND = re.compile(r"([MaAvz])([^MaAvz]*)")
NUMBER = re.compile(r"-?(?:\d+\.?\d*|\.\d+)")

Point = tuple[float, float]


@dataclass(frozen=True)
class Icon:
    """A PNG of `side` pixels; the mark takes `share` of it, on the wall's colour or on nothing."""

    name: str
    side: int
    share: float
    has_wall: bool = False
    is_maskable: bool = False
    """Whether systems cut it to their own shape: only the middle 80 % is sure to be seen."""
    is_for_manifest: bool = True


ICONS = (
    Icon("icon-192", 192, 1.0),
    Icon("icon-512", 512, 1.0),
    Icon("maskable-512", 512, 0.6, has_wall=True, is_maskable=True),
    # What the page itself names, for iOS reads no manifest's icons.
    Icon("apple-touch-icon", 180, 0.72, has_wall=True, is_for_manifest=False),
)


@dataclass(frozen=True)
class Shape:
    points: list[Point]
    fill: str
    stroke: str
    width: float


def drawn(icon: Icon) -> Image.Image:
    side = icon.side * FINER
    picture = Image.new("RGBA", (side, side), WALL if icon.has_wall else "#0000")
    scale = side * icon.share / VIEW
    margin = side * (1 - icon.share) / 2
    for shape in shapes(MARK.read_text()):
        _draw(ImageDraw.Draw(picture), shape, scale, margin)
    small = picture.resize((icon.side, icon.side), Image.Resampling.LANCZOS)
    # Few colours blend at the edges, and a palette holds them.
    return small.quantize(COLOURS, method=Image.Quantize.FASTOCTREE)


def shapes(svg: str) -> list[Shape]:
    """The mark's paths, in its own units; a group's strokes are those of the paths in it."""
    return list(_shapes(ElementTree.fromstring(svg), {}))  # noqa: S314


def _shapes(element: ElementTree.Element, inherited: dict[str, str]) -> Iterator[Shape]:
    look = inherited | element.attrib
    if element.tag == f"{SVG}path":
        points = list(_points(look["d"]))
        yield Shape(points, look.get("fill", ""), look.get("stroke", ""), float(look.get("stroke-width", 1)))
    for child in element:
        yield from _shapes(child, {name: value for name, value in look.items() if name != "d"})


def _points(path: str) -> Iterator[Point]:
    here = first = (0.0, 0.0)
    for command, arguments in COMMAND.findall(path):
        numbers = [float(number) for number in _numbers(command, arguments)]
        if command == "M":
            here = first = (numbers[0], numbers[1])
            yield here
        elif command == "v":
            here = (here[0], here[1] + numbers[0])
            yield here
        elif command == "z":
            yield first
        else:
            end = (numbers[5], numbers[6]) if command == "A" else (here[0] + numbers[5], here[1] + numbers[6])
            yield from _arc(here, end, numbers[0], large=bool(numbers[3]), clockwise=bool(numbers[4]))
            here = end


def _numbers(command: str, arguments: str) -> list[str]:
    """An arc's two flags may stand without a space after them."""
    if command not in "aA":
        return NUMBER.findall(arguments)
    radii, flags, end = re.fullmatch(r"\s*((?:\S+\s+){3})([01]\s*,?\s*[01])\s*(.*)", arguments.strip()).groups()  # type: ignore[union-attr]
    return [*NUMBER.findall(radii), *re.findall("[01]", flags), *NUMBER.findall(end)]


def _arc(start: Point, end: Point, radius: float, *, large: bool, clockwise: bool) -> Iterator[Point]:
    """Points of the circle's arc between two of its points; clockwise as seen, for y points down."""
    chord = math.dist(start, end)
    radius = max(radius, chord / 2)
    height = math.sqrt(max(0.0, radius**2 - (chord / 2) ** 2))
    middle = ((start[0] + end[0]) / 2, (start[1] + end[1]) / 2)
    across = ((end[1] - start[1]) / chord, (start[0] - end[0]) / chord)
    side = height if large == clockwise else -height
    centre = (middle[0] + side * across[0], middle[1] + side * across[1])
    first = math.atan2(start[1] - centre[1], start[0] - centre[0])
    turn = (math.atan2(end[1] - centre[1], end[0] - centre[0]) - first) % math.tau
    turn = turn if clockwise else turn - math.tau
    for step in range(1, ARC_STEPS + 1):
        angle = first + turn * step / ARC_STEPS
        yield (centre[0] + radius * math.cos(angle), centre[1] + radius * math.sin(angle))


def _draw(pen: ImageDraw.ImageDraw, shape: Shape, scale: float, margin: float) -> None:
    points = [(margin + x * scale, margin + y * scale) for x, y in shape.points]
    if shape.stroke:
        width = shape.width * scale
        pen.line(points, fill=shape.stroke, width=round(width))
        # At each point, not at the ends alone: between two pieces of a line there is a wedge of nothing.
        for x, y in points:
            pen.ellipse((x - width / 2, y - width / 2, x + width / 2, y + width / 2), fill=shape.stroke)
    elif shape.fill and shape.fill != "none":
        pen.polygon(points, fill=shape.fill)
