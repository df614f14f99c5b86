"""From an untrusted file to an upright, 8-bit sRGB picture without metadata. Pure Pillow: importing it is cheap."""

from __future__ import annotations

import io
import struct
import zlib
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import BinaryIO

import numpy as np
import pillow_heif
from PIL import Image, ImageCms, ImageOps, UnidentifiedImageError

pillow_heif.register_heif_opener()

FORMATS = ("JPEG", "PNG", "WEBP", "AVIF", "HEIF")
# A JPEG or HEIF file may carry further pictures (depth maps, the other eye): its first is the photo. In these formats
# further frames mean an animation.
ANIMATED_FORMATS = ("PNG", "WEBP", "AVIF")
DAMAGED = (OSError, SyntaxError, ValueError, EOFError, RuntimeError, struct.error, zlib.error)
SIXTEEN_BIT_MODES = ("I", "I;16", "I;16B", "I;16L", "I;16N")
# What is seen of a mask where it is transparent: no style was painted there.
MASK_GROUND = "black"
SRGB = ImageCms.createProfile("sRGB")


class Fault(StrEnum):
    """Why a file is not taken as a picture."""

    EMPTY = "empty"
    TOO_MANY_BYTES = "too_many_bytes"
    UNREADABLE = "unreadable"
    DAMAGED = "damaged"
    ANIMATED = "animated"
    TOO_MANY_PIXELS = "too_many_pixels"
    TOO_SMALL = "too_small"
    TOO_NARROW = "too_narrow"


class PictureError(Exception):
    """A file that is not taken as a picture; `fault` says why, `str()` says it in English."""

    def __init__(self, fault: Fault, message: str) -> None:
        super().__init__(message)
        self.fault = fault


@dataclass(frozen=True)
class Limits:
    """What a picture may be: `max_bytes` as a file, `max_pixels` decoded, sides in pixels, long side over short."""

    max_bytes: int = 200 * 2**20
    max_pixels: int = 200_000_000
    min_side: int = 32
    max_ratio: float = 8.0


def decode_picture(source: BinaryIO | Path, limits: Limits | None = None, ground: str = "white") -> Image.Image:
    """The picture in `source` as an upright RGB image of 8 bits a channel in sRGB, with no metadata.

    The content decides what a file is; its name is never looked at. Where it is transparent, `ground` is seen. Raises
    `PictureError`.
    """
    limits = limits or Limits()
    image = _opened(_read(source, limits), limits)
    try:
        image.load()
        return _without_metadata(flattened(ImageOps.exif_transpose(image), ground))
    except DAMAGED as error:
        raise PictureError(Fault.DAMAGED, f"the picture is damaged or cut short: {error}") from error


def _read(source: BinaryIO | Path, limits: Limits) -> io.BytesIO:
    data = source.read_bytes() if isinstance(source, Path) else source.read(limits.max_bytes + 1)
    if not data:
        raise PictureError(Fault.EMPTY, "the file is empty")
    if len(data) > limits.max_bytes:
        raise PictureError(Fault.TOO_MANY_BYTES, f"the file is larger than {limits.max_bytes // 2**20} MB")
    return io.BytesIO(data)


def _opened(file: io.BytesIO, limits: Limits) -> Image.Image:
    """The image with only its header read, its claims checked before anything is decoded."""
    try:
        image = Image.open(file, formats=FORMATS)
    except Image.DecompressionBombError as error:
        raise PictureError(Fault.TOO_MANY_PIXELS, str(error)) from error
    except UnidentifiedImageError as error:
        raise PictureError(Fault.UNREADABLE, f"not a picture in one of {', '.join(FORMATS)}") from error
    except DAMAGED as error:
        raise PictureError(Fault.DAMAGED, f"the picture is damaged: {error}") from error
    _check_shape(image, limits)
    if image.format in ANIMATED_FORMATS and getattr(image, "is_animated", False):
        raise PictureError(Fault.ANIMATED, "the picture is animated; a single frame is needed")
    return image


def _check_shape(image: Image.Image, limits: Limits) -> None:
    short, long = sorted(image.size)
    if short * long > limits.max_pixels:
        megapixels = limits.max_pixels / 1e6
        raise PictureError(Fault.TOO_MANY_PIXELS, f"{image.width}×{image.height} is over {megapixels:.0f} megapixels")
    if short < limits.min_side:
        raise PictureError(Fault.TOO_SMALL, f"{image.width}×{image.height} has a side under {limits.min_side} pixels")
    if long > limits.max_ratio * short:
        raise PictureError(Fault.TOO_NARROW, f"{image.width}×{image.height} is longer than {limits.max_ratio:g} to 1")


def flattened(image: Image.Image, ground: str = "white") -> Image.Image:
    """An opened picture as RGB of 8 bits a channel in sRGB, alpha laid on `ground`."""
    if image.mode in SIXTEEN_BIT_MODES:
        image = _to_8_bit(image)
    if image.mode == "P" or image.has_transparency_data:
        image = _on(ground, image)
    profile = image.info.get("icc_profile")
    return (_through_profile(image, profile) if profile else None) or image.convert("RGB")


def _to_8_bit(image: Image.Image) -> Image.Image:
    """Pillow's own conversion clips at 255 instead of scaling."""
    grey = Image.fromarray((np.asarray(image).clip(0, 65535) // 257).astype(np.uint8))
    grey.info = image.info
    return grey


def _on(ground: str, image: Image.Image) -> Image.Image:
    layer = image.convert("RGBA")
    flat = Image.new("RGB", image.size, ground)
    flat.paste(layer, mask=layer.getchannel("A"))
    flat.info = image.info
    return flat


def _through_profile(image: Image.Image, profile: bytes) -> Image.Image | None:
    """The image converted from its embedded colour profile to sRGB; None where the profile does not fit it."""
    try:
        embedded = ImageCms.ImageCmsProfile(io.BytesIO(profile))
        return ImageCms.profileToProfile(
            image,
            embedded,
            SRGB,
            renderingIntent=ImageCms.Intent.RELATIVE_COLORIMETRIC,
            outputMode="RGB",
            flags=ImageCms.Flags.BLACKPOINTCOMPENSATION,
        )
    except (ImageCms.PyCMSError, OSError):
        return None


def _without_metadata(image: Image.Image) -> Image.Image:
    clean = Image.new("RGB", image.size)
    clean.paste(image)
    return clean
