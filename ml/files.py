"""Files that are there as a whole, or as they were before."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO


@contextmanager
def whole(path: Path) -> Iterator[BinaryIO]:
    """A file to write to, which takes the place of what `path` names when all is written: until then, and where that
    fails, what was there stays. A symbolic link goes on leading to it; a device or a pipe is written to as it is.
    Raises OSError, which names `path`."""
    try:
        if is_stream(path):
            with path.open("wb") as file:
                yield file
        else:
            with moved_to(Path(os.path.realpath(path))) as file:
                yield file
    except OSError as error:
        if error.errno is not None:
            error.filename = str(path)
        raise


@contextmanager
def moved_to(path: Path) -> Iterator[BinaryIO]:
    """As `whole`, for what is a file, or to become one."""
    part = part_of(path)
    try:
        with part.open("wb") as file:
            with suppress(OSError):
                shutil.copymode(path, part)
            yield file
        try:
            part.replace(path)
        except OSError:
            # Nothing can be moved over a file that is mounted by itself, or another's in a sticky folder.
            shutil.copyfile(part, path)
    finally:
        part.unlink(missing_ok=True)


def is_stream(path: Path) -> bool:
    """Whether `path` is a device or a pipe, or leads to what a process has open."""
    return path.absolute().is_relative_to("/dev") or (path.exists() and not path.is_file())


def part_of(path: Path) -> Path:
    """Where this process keeps what is to become `path` while it is written."""
    return path.with_name(f"{path.name}.{os.getpid()}.part")


def is_part_of(part: Path, path: Path) -> bool:
    """Whether `part` is what some process has left half written of `path`."""
    name, _, process = part.stem.rpartition(".")
    return part.suffix == ".part" and name == path.name and process.isdigit()
