"""Files that are there as a whole, or as they were before."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO


@contextmanager
def whole(path: Path) -> Iterator[BinaryIO]:
    """A file to write to, which takes the place of `path` in one move when all is written: until then, and where that
    fails, what lay there stays. A link stays one; a device or a pipe is written to as it is. Raises OSError, which
    names the file."""
    try:
        if path.exists() and not path.is_file():
            with path.open("wb") as file:
                yield file
        else:
            with _in_the_end(path.resolve()) as file:
                yield file
    except OSError as error:
        error.filename = error.filename or str(path)
        raise


def part_of(path: Path) -> Path:
    """Where this process keeps what is to become `path` while it is written."""
    return path.with_name(f"{path.name}.{os.getpid()}.part")


def is_part_of(part: Path, path: Path) -> bool:
    """Whether `part` is what some process has left half written of `path`."""
    name, _, process = part.stem.rpartition(".")
    return part.suffix == ".part" and name == path.name and process.isdigit()


@contextmanager
def _in_the_end(path: Path) -> Iterator[BinaryIO]:
    part = part_of(path)
    try:
        with part.open("wb") as file:
            yield file
        if path.exists():
            shutil.copymode(path, part)
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)
