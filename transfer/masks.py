"""Regions as people paint them in the studio: grey pictures in the photo's proportions, white where a style goes."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models.fields.files import FieldFile
from PIL import Image

from transfer.errors import MisfitMask, NothingPainted
from transfer.models import Paint, Photo

LONG_SIDE = 1024
# Of a photo's proportions: what rounding to whole pixels on a small canvas may change.
TOLERANCE = 0.02
FAINTEST = 8


def fitted(mask: Image.Image, photo: Photo) -> Image.Image:
    """The mask in exactly the photo's proportions. Raises `MisfitMask` where it was painted on another shape."""
    wanted = photo.width / photo.height
    if abs(mask.width / mask.height / wanted - 1) > TOLERANCE:
        raise MisfitMask
    scale = min(1.0, LONG_SIDE / max(photo.width, photo.height))
    size = (max(1, round(photo.width * scale)), max(1, round(photo.height * scale)))
    return mask.convert("L").resize(size, Image.Resampling.BILINEAR)


def check_painted(masks: Iterable[Image.Image | None]) -> None:
    """Raises `NothingPainted` where no mask leaves anything to paint. None is everywhere."""
    if all(mask is not None and _brightest(mask) < FAINTEST for mask in masks):
        raise NothingPainted


def _brightest(mask: Image.Image) -> int:
    return int(mask.convert("L").getextrema()[1])  # type: ignore[arg-type]


def mask_of(paint: Paint) -> Image.Image | None:
    return _read(paint.mask) if paint.mask else None


def picture_of(photo: Photo) -> Image.Image:
    return _read(photo.image)


def _read(stored: FieldFile) -> Image.Image:
    with stored.open("rb") as file:
        picture = Image.open(file)
        picture.load()
    return picture
