"""The state of a transfer or a training on disk, so that a run that was cut short can go on where it stood."""

from __future__ import annotations

import hashlib
import io
import logging
import os
from pathlib import Path
from time import monotonic
from typing import Any

import torch

from ml.errors import ForeignCheckpoint

logger = logging.getLogger(__name__)

DIGEST_BYTES = 32


class Checkpoint:
    """The file that a run writes at most every `every_seconds`, and reads when it starts.

    A file that is damaged is refused with a warning to the log, and written over; so is one that was left by a run of
    other pictures or settings, unless it is asked for as one's own. A full disk costs the checkpoint and not the run:
    it is logged as well.
    The file holds its payload's SHA-256 and the payload; it is replaced in one move, so that a reader never sees half.
    """

    def __init__(self, path: Path | str, every_seconds: float = 30.0) -> None:
        self.path = Path(path)
        self.every_seconds = every_seconds
        self._written_at = monotonic()

    def is_due(self) -> bool:
        """True when the last write, or the start, is `every_seconds` ago."""
        return monotonic() - self._written_at >= self.every_seconds

    def write(self, fingerprint: str, state: dict[str, Any]) -> None:
        """Keep `state` (tensors, numbers, strings, and lists and dictionaries of them), if there is room for it."""
        buffer = io.BytesIO()
        torch.save({"fingerprint": fingerprint, "state": state}, buffer)
        try:
            self._replace(buffer.getvalue())
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
        payload = self._payload()
        if payload is None:
            return None
        saved = torch.load(io.BytesIO(payload), map_location="cpu", weights_only=True)
        if saved["fingerprint"] != fingerprint:
            raise ForeignCheckpoint(f"the checkpoint {self.path} is of other settings or pictures")
        return saved["state"]

    def discard(self) -> None:
        """Remove the file, if there is one."""
        self.path.unlink(missing_ok=True)

    def _payload(self) -> bytes | None:
        """What was written, if it is what was written."""
        if not self.path.is_file():
            return None
        content = self.path.read_bytes()
        digest, payload = content[:DIGEST_BYTES], content[DIGEST_BYTES:]
        if hashlib.sha256(payload).digest() != digest:
            logger.warning("the checkpoint %s is damaged; starting over", self.path)
            return None
        return payload

    def _replace(self, payload: bytes) -> None:
        self.path.parent.mkdir(parents=True, exist_ok=True)
        part = self.path.with_name(f"{self.path.name}.{os.getpid()}.part")
        try:
            part.write_bytes(hashlib.sha256(payload).digest() + payload)
            part.replace(self.path)
        finally:
            part.unlink(missing_ok=True)
