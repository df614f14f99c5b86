"""From an uploaded file to stored, re-encoded pictures under random names."""

from __future__ import annotations

import io
import uuid
from typing import Any, BinaryIO

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.utils.translation import gettext_lazy as _
from PIL import Image

from ml import Fault, Limits, PictureError, decode_picture

THUMBNAIL_SIDE = 480
# Every chroma sample kept, and a quality at which re-encoding is not seen.
JPEG_OPTIONS = {"quality": 95, "subsampling": 0, "optimize": True}
WEBP_OPTIONS = {"quality": 82, "method": 4}

MESSAGES = {
    Fault.EMPTY: _("The file is empty."),
    Fault.TOO_MANY_BYTES: _("The file is larger than %(megabytes)d MB."),
    Fault.UNREADABLE: _("This is not a picture we can read. Upload a JPEG, PNG, WebP, AVIF or HEIC file."),
    Fault.DAMAGED: _("The picture is damaged or cut short. Export it again and upload the new file."),
    Fault.ANIMATED: _("The picture is animated. Upload a single frame of it."),
    Fault.TOO_MANY_PIXELS: _("The picture has more than %(megapixels)d megapixels. Upload a smaller version."),
    Fault.TOO_SMALL: _("The picture is too small: each side needs at least %(min_side)d pixels."),
    Fault.TOO_NARROW: _("The picture is too narrow: its long side is more than %(max_ratio)d times the short one."),
}


def decode_upload(file: BinaryIO) -> Image.Image:
    """The uploaded picture, upright, in sRGB, without metadata. Raises `ValidationError` with a translated message."""
    limits = Limits(max_bytes=settings.UPLOAD_MAX_BYTES, max_pixels=settings.UPLOAD_MAX_PIXELS)
    try:
        return decode_picture(file, limits)
    except PictureError as error:
        raise ValidationError(MESSAGES[error.fault], code=error.fault, params=_params(limits)) from error


def _params(limits: Limits) -> dict[str, Any]:
    return {
        "megabytes": limits.max_bytes // 2**20,
        "megapixels": limits.max_pixels // 10**6,
        "min_side": limits.min_side,
        "max_ratio": limits.max_ratio,
    }


def as_jpeg(image: Image.Image) -> ContentFile[bytes]:
    return _encoded(image, "JPEG", "jpg", JPEG_OPTIONS)


def as_png(image: Image.Image) -> ContentFile[bytes]:
    return _encoded(image, "PNG", "png", {})


def as_webp(image: Image.Image, long_side: int) -> ContentFile[bytes]:
    """A rendition whose longer side is at most `long_side` pixels."""
    return _encoded(resized(image, long_side), "WEBP", "webp", WEBP_OPTIONS)


def resized(image: Image.Image, long_side: int) -> Image.Image:
    """A copy whose longer side is at most `long_side` pixels."""
    small = image.copy()
    small.thumbnail((long_side, long_side), Image.Resampling.LANCZOS)
    return small


def _encoded(image: Image.Image, format: str, suffix: str, options: dict[str, Any]) -> ContentFile[bytes]:
    buffer = io.BytesIO()
    image.save(buffer, format, **options)
    return ContentFile(buffer.getvalue(), name=f"{uuid.uuid4().hex}.{suffix}")
