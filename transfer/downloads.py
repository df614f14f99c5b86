"""Finished pictures to take away: in which formats and sizes, and how large they print."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from django.core.files.base import ContentFile
from PIL import Image

from transfer.models import Job
from transfer.uploads import as_jpeg, as_png, as_webp, resized

# Made on the fly, each where the picture is larger; the whole picture comes as it is.
SIDES = (2048, 1024, 512)
CENTIMETRES_AN_INCH = 2.54
# What looks sharp in the hand, and what does on a wall.
SHARP_DPI, WALL_DPI = 300, 150

ENCODERS: dict[str, Callable[[Image.Image], ContentFile[bytes]]] = {
    "jpeg": as_jpeg,
    "png": as_png,
    "webp": lambda image: as_webp(image, max(image.size)),
}


@dataclass(frozen=True)
class Size:
    """A size that a picture comes in; `side` is None where it is its own."""

    width: int
    height: int
    side: int | None = None


@dataclass(frozen=True)
class Paper:
    """How large a picture prints, in centimetres."""

    width: float
    height: float
    dpi: int


def sizes_of(job: Job) -> list[Size]:
    """The sizes that the job's picture comes in, the largest first."""
    width, height = job.width or 0, job.height or 0
    smaller = [side for side in SIDES if side < max(width, height)]
    return [Size(width, height), *(_fitted(width, height, side) for side in smaller)]


def copy_of(job: Job, format: str, side: int | None) -> ContentFile[bytes]:
    """The job's picture in a format, `side` pixels long or as long as it is, made of the lossless one."""
    with job.result_png.open("rb") as file:
        image = Image.open(file).convert("RGB")
    return ENCODERS[format](resized(image, side) if side else image)


def papers_of(job: Job) -> list[Paper]:
    """How large the job's picture prints: sharp, and as a poster."""
    return [Paper(_centimetres(job.width, dpi), _centimetres(job.height, dpi), dpi) for dpi in (SHARP_DPI, WALL_DPI)]


def _fitted(width: int, height: int, side: int) -> Size:
    factor = side / max(width, height)
    return Size(max(1, round(width * factor)), max(1, round(height * factor)), side)


def _centimetres(pixels: int | None, dpi: int) -> float:
    return (pixels or 0) / dpi * CENTIMETRES_AN_INCH
