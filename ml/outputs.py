"""The files that the command line writes pictures to."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from PIL import Image

from ml.errors import UsageError
from ml.files import is_stream, part_of, whole

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
    check_writable(path)
    if path.exists() and not path.is_file():
        raise UsageError(f"{path} is no file; a picture is not written there")


def check_writable(path: Path) -> None:
    """Raises UsageError where no file can be written to `path`."""
    check_folder(path)
    if path.is_dir():
        raise UsageError(f"{path} is a folder")
    if path.exists() and not os.access(path, os.W_OK):
        raise UsageError(f"{path} is not to be written over: it is read-only")
    if not is_stream(path):
        _try_beside(Path(os.path.realpath(path)))


def check_folder(path: Path) -> None:
    """Raises UsageError where `path` would lie in a folder that does not exist."""
    if not path.absolute().parent.is_dir():
        raise UsageError(f"the folder of {path} does not exist")


def check_spared(inputs: Iterable[Path], outputs: Iterable[Path]) -> None:
    """Raises UsageError where one of `outputs` would be written over one of `inputs`, by whatever name."""
    given = {_identity(path): path for path in inputs if path.exists()}
    for output in outputs:
        if output.exists() and (spared := given.get(_identity(output))):
            raise UsageError(f"{output} would be written over {spared}; choose another name or folder")


def save_picture(picture: Image.Image, path: Path, **png_options: Any) -> None:
    """Write the picture in the format that the name ends in; `png_options` count for PNG alone."""
    kind = FORMATS[path.suffix.lower()]
    with whole(path) as file:
        picture.save(file, kind, **(png_options if kind == "PNG" else SAVE_OPTIONS[kind]))


def _try_beside(path: Path) -> None:
    """Only trying tells of all that can be in the way: permissions, a full disk, a name that is too long."""
    part = part_of(path)
    try:
        part.touch()
    except OSError as error:
        raise UsageError(f"{path} cannot be written: {error.strerror}") from error
    part.unlink()


def _identity(path: Path) -> tuple[int, int]:
    """The file itself, whichever of its names, links or relative paths leads to it."""
    status = path.stat()
    return status.st_dev, status.st_ino
