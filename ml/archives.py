"""The files in a folder, a zip or an uncompressed tar, one after another, or one alone. Nothing is ever unpacked to
disk."""

from __future__ import annotations

import lzma
import tarfile
import zipfile
import zlib
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import BinaryIO, cast

from ml.errors import TrainingImagesError

Opener = Callable[[], BinaryIO]

# What a hostile or damaged member makes its reader raise: bad checksums, passwords, unknown methods, cut streams.
UNREADABLE = (
    zipfile.BadZipFile,
    tarfile.TarError,
    zlib.error,
    lzma.LZMAError,
    NotImplementedError,
    RuntimeError,
    OSError,
    EOFError,
    ValueError,
)


def files_in(path: Path) -> Iterator[Opener]:
    """How to open each file in `path`, and in folders inside; whether it can be read shows when it is.

    What the content says decides what `path` is: neither folder, zip nor tar, it is the one file itself. Raises
    TrainingImagesError where there is nothing, and for an archive that cannot be listed.
    """
    if path.is_dir():
        return (partial(_of_folder, file) for file in sorted(path.rglob("*")) if file.is_file())
    if not path.is_file():
        raise TrainingImagesError(f"{path} does not exist")
    if zipfile.is_zipfile(path):
        return _listed(path, _zipped)
    if _is_tar(path):
        return _listed(path, _tarred)
    return iter([partial(_of_folder, path)])


def _is_tar(path: Path) -> bool:
    """Compressed ones are not taken: of a small file their headers could claim, and be given, all memory there is."""
    try:
        with tarfile.open(path, "r:"):
            return True
    except tarfile.TarError:
        return False


def _listed(path: Path, members: Callable[[Path], Iterator[Opener]]) -> Iterator[Opener]:
    try:
        yield from members(path)
    except UNREADABLE as error:
        raise TrainingImagesError(f"{path.name} is damaged: {error}") from error


def _zipped(path: Path) -> Iterator[Opener]:
    with zipfile.ZipFile(path) as archive:
        for member in archive.infolist():
            if not member.is_dir():
                yield partial(_of_zip, archive, member)


def _tarred(path: Path) -> Iterator[Opener]:
    with tarfile.open(path, "r:") as archive:
        for member in archive:
            if member.isfile():
                yield partial(_of_tar, archive, member)


def _of_folder(file: Path) -> BinaryIO:
    return file.open("rb")


def _of_zip(archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> BinaryIO:
    return cast(BinaryIO, archive.open(member))


def _of_tar(archive: tarfile.TarFile, member: tarfile.TarInfo) -> BinaryIO:
    return cast(BinaryIO, archive.extractfile(member))
