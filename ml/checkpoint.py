"""The state of a transfer or a training on disk, so that a run that was cut short can go on where it stood."""

from __future__ import annotations

import hashlib
import io
import logging
import os
from pathlib import Path
from time import monotonic
from typing import IO, Any, BinaryIO, cast

import torch

from ml.errors import ForeignCheckpoint
from ml.files import is_part_of, moved_to

logger = logging.getLogger(__name__)

MAGIC = b"stylesite checkpoint\n"
DIGEST_BYTES = 32
HEADER_BYTES = len(MAGIC) + DIGEST_BYTES


class Checkpoint:
    """The file that a run writes at most every `every_seconds`, and reads when it starts.

    A file that is damaged is refused with a warning to the log, and written over; so is one that was left by a run of
    other pictures or settings, or of another version, unless it is asked for as one's own. A full disk costs the
    checkpoint and not the run: it is logged as well.
    The file says what it is, and holds its payload's SHA-256 and the payload; it is replaced in one move, so that a
    reader never sees half. A large painting's state is gigabytes: it is written and read without another copy of it.
    """

    def __init__(self, path: Path | str, every_seconds: float = 30.0) -> None:
        self.path = Path(path)
        self.every_seconds = every_seconds
        self._written_at = monotonic()

    def is_due(self) -> bool:
        """True when the last write, or the start, is `every_seconds` ago."""
        return monotonic() - self._written_at >= self.every_seconds

    def is_free(self) -> bool:
        """False where the path is that of something else, which nobody wants written over."""
        if not self.path.exists():
            return True
        if not self.path.is_file():
            return False
        with self.path.open("rb") as file:
            return file.read(len(MAGIC)) in (MAGIC, b"")

    def write(self, fingerprint: str, state: dict[str, Any]) -> None:
        """Keep `state` (tensors, numbers, strings, and lists and dictionaries of them), if there is room for it."""
        try:
            self._replace({"fingerprint": fingerprint, "state": state})
        except OSError as error:
            logger.warning("the checkpoint %s could not be written (%s); going on without", self.path, error)
        self._written_at = monotonic()

    def read(self, fingerprint: str) -> dict[str, Any] | None:
        """The state kept by the run with this `fingerprint`; None where there is none that is whole."""
        try:
            return self.read_own(fingerprint)
        except ForeignCheckpoint as error:
            logger.warning("%s; starting over", error)
            return None

    def read_own(self, fingerprint: str) -> dict[str, Any] | None:
        """As `read`, for what took too long to be lost to a forgotten setting. Raises ForeignCheckpoint."""
        if not self.path.is_file():
            return None
        with self.path.open("rb") as file:
            if not _is_whole(file):
                logger.warning("the checkpoint %s is damaged; starting over", self.path)
                return None
            saved = torch.load(cast(IO[bytes], _Payload(file)), map_location="cpu", weights_only=True)
        if saved["fingerprint"] != fingerprint:
            raise ForeignCheckpoint(f"the checkpoint {self.path} is of other settings or pictures")
        return saved["state"]

    def discard(self) -> None:
        """Remove the file, if there is one, and what a killed process left half written."""
        parts = [part for part in self.path.parent.glob("*.part") if is_part_of(part, self.path)]
        for path in (self.path, *parts):
            path.unlink(missing_ok=True)

    def _replace(self, saved: dict[str, Any]) -> None:
        self.path.parent.mkdir(parents=True, exist_ok=True)
        with moved_to(self.path) as file:
            file.write(MAGIC + bytes(DIGEST_BYTES))
            payload = _Hashed(file)
            torch.save(saved, cast(IO[bytes], payload))
            payload.check()
            file.seek(len(MAGIC))
            file.write(payload.digest.digest())


class _Hashed:
    """Hashes what is written to a file. PyTorch's writer ends the process where writing raises in the wrong moment, so
    an error waits until it is asked for."""

    def __init__(self, file: BinaryIO) -> None:
        self.file, self.digest = file, hashlib.sha256()
        self.error: OSError | None = None

    def write(self, data: bytes) -> int:
        if self.error is None:
            self.digest.update(data)
            try:
                self.file.write(data)
            except OSError as error:
                self.error = error
        return len(data)

    def flush(self) -> None:
        """There is nothing to hurry: the file is flushed when it is closed."""

    def check(self) -> None:
        """Raises the OSError that writing met."""
        if self.error:
            raise self.error


class _Payload(io.RawIOBase):
    """What follows the header of a file, as a file of its own."""

    def __init__(self, file: BinaryIO) -> None:
        self.file = file
        self.seek(0)

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        return cast(io.BufferedReader, self.file).readinto(buffer)

    def tell(self) -> int:
        return self.file.tell() - HEADER_BYTES

    def seek(self, offset: int, whence: int = os.SEEK_SET) -> int:
        self.file.seek(offset + (HEADER_BYTES if whence == os.SEEK_SET else 0), whence)
        return self.tell()


def _is_whole(file: BinaryIO) -> bool:
    """Whether a file holds what was written to it."""
    header = file.read(HEADER_BYTES)
    return header == MAGIC + hashlib.file_digest(cast(io.BufferedReader, file), "sha256").digest()
