"""The files that the command line writes pictures to."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from PIL import Image

from ml.errors import UsageError

FORMATS = {".png": "PNG", ".jpg": "JPEG", ".jpeg": "JPEG", ".webp": "WEBP"}
# Every chroma sample kept: brush strokes are colour edges.
SAVE_OPTIONS: Mapping[str, Mapping[str, Any]] = {
    "JPEG": {"quality": 95, "subsampling": 0},
    "WEBP": {"quality": 95},
}


def check_picture_path(path: Path) -> None:
    """Nobody should learn of a wrong name after the minutes that a picture takes. Raises UsageError."""
    if path.suffix.lower() not in FORMATS:
        raise UsageError(f"{path} does not end in one of {', '.join(FORMATS)}")
    check_folder(path)


def check_folder(path: Path) -> None:
    """Raises UsageError where `path` would lie in a folder that does not exist."""
    if not path.absolute().parent.is_dir():
        raise UsageError(f"the folder of {path} does not exist")


def save_picture(picture: Image.Image, path: Path, **png_options: Any) -> None:
    """Write the picture in the format that the name ends in; `png_options` count for PNG alone."""
    kind = FORMATS[path.suffix.lower()]
    picture.save(path, kind, **(png_options if kind == "PNG" else SAVE_OPTIONS[kind]))
