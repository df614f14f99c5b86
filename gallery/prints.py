"""From a picture to its print: right-sized files for screens of every kind, and a few pixels to show before them."""

from __future__ import annotations

import base64
import io
import uuid
from dataclasses import dataclass

from django.core.files.base import ContentFile
from PIL import Image, ImageFilter, features

from gallery.fingerprints import fingerprint
from gallery.models import Format, Print, Rendition, public_storage
from transfer.files import stored

LONG_SIDE = 1600
WIDTHS = (320, 640, 1024)
# Qualities at which a painting's strokes stay; AVIF's scale is another one than WebP's.
ENCODINGS = {
    Format.WEBP: {"quality": 82, "method": 4},
    Format.AVIF: {"quality": 62, "speed": 8},
}
PLACEHOLDER_SIDE = 20


@dataclass(frozen=True)
class Rendered:
    """A print that is not stored yet: its size, its placeholder, and each file with its format and size."""

    size: tuple[int, int]
    placeholder: str
    files: list[tuple[Format, tuple[int, int], ContentFile[bytes]]]
    look: str
    """Its fingerprint."""


def render(picture: Image.Image) -> Rendered:
    """The picture in every width up to its own and every format that the installed Pillow writes."""
    largest = _fitted(picture, LONG_SIDE)
    narrower = [_fitted(largest, round(_long_side(largest) * width / largest.width)) for width in WIDTHS]
    pictures = {one.width: one for one in [*narrower, largest] if one.width <= largest.width}
    files = [(kind, one.size, _encoded(one, kind)) for one in pictures.values() for kind in _formats()]
    return Rendered(largest.size, _placeholder(picture), files, fingerprint(picture))


def store(rendered: Rendered) -> Print:
    """The print's files and rows. Files of a transaction that fails later are swept with whatever no row names."""
    with stored({str(number): file for number, (*_, file) in enumerate(rendered.files)}, "", public_storage()) as names:
        width, height = rendered.size
        made = Print.objects.create(width=width, height=height, placeholder=rendered.placeholder)
        Rendition.objects.bulk_create(
            Rendition(print=made, format=kind, width=size[0], height=size[1], file=names[str(number)])
            for number, (kind, size, _) in enumerate(rendered.files)
        )
    return made


def _formats() -> list[Format]:
    return [Format.WEBP, Format.AVIF] if features.check("avif") else [Format.WEBP]


def _fitted(picture: Image.Image, long_side: int) -> Image.Image:
    small = picture.copy()
    small.thumbnail((long_side, long_side), Image.Resampling.LANCZOS)
    return small


def _long_side(picture: Image.Image) -> int:
    return max(picture.size)


def _encoded(picture: Image.Image, format: Format) -> ContentFile[bytes]:
    buffer = io.BytesIO()
    picture.save(buffer, format.label, **ENCODINGS[format])
    return ContentFile(buffer.getvalue(), name=f"{uuid.uuid4().hex}.{format.value}")


def _placeholder(picture: Image.Image) -> str:
    """A data: address, which the content security policy lets images have."""
    blurred = _fitted(picture, PLACEHOLDER_SIDE).filter(ImageFilter.GaussianBlur(1))
    buffer = io.BytesIO()
    blurred.save(buffer, "WEBP", quality=40, method=6)
    return f"data:image/webp;base64,{base64.b64encode(buffer.getvalue()).decode()}"
