"""A painting coming into being: frames kept while it is painted, and the film that they make.

A frame is a still WebP, and an animated WebP holds stills: nothing is encoded twice, so a film costs the painter its
frames alone, and those no more than a share of its time. The container is described in RFC 9649, section 2.7.
"""

from __future__ import annotations

import io
import logging
import struct
import time
import uuid
from collections.abc import Callable, Sequence
from pathlib import Path

from django.core.files.base import ContentFile
from PIL import Image

import ml
from transfer.models import Job
from transfer.queue import checkpoint_path

logger = logging.getLogger(__name__)

# At most so many, evenly spaced over the work, and of fewer than so few no film is made.
MOST_FRAMES, FEWEST_FRAMES = 60, 6
LONG_SIDE = 512
# Of the painter's time. One frame more may be begun within it.
SHARE = 0.007
# Method 0 takes a third of the usual one's time; strokes in motion bear the quality.
FRAME_OPTIONS = {"quality": 60, "method": 0}
FILM_SECONDS = 5.0
FRAME_MS = (60, 250)
LAST_FRAME_MS = 2500

ANIMATED, OVER_THE_LAST = 0x02, 0x02
# Bytes: where a file's chunks begin, and a chunk's name and length.
FIRST_CHUNK, CHUNK_HEADER = 12, 8


class Frames:
    """The frames of one job, beside its checkpoint: whoever resumes goes on with them, and they go when it goes."""

    def __init__(self, job: Job, clock: Callable[[], float] = time.monotonic) -> None:
        self.path = checkpoint_path(job.pk)
        self.size = _fitted((job.photo.width, job.photo.height), min(LONG_SIDE, job.size))
        self.clock = clock
        self.began_at, self.spent = clock(), 0.0
        self.last = max((_number(path) for path in self._kept()), default=-1)

    def is_due(self, progress: ml.Progress) -> bool:
        within = self.spent <= SHARE * (self.clock() - self.began_at)
        return within and _place(progress) > self.last

    def keep(self, progress: ml.Progress) -> None:
        """Keep the picture as it stands. A full disk costs the frame and not the painting."""
        began_at = self.clock()
        self.last = _place(progress)
        try:
            self._write(self.last, self._still(progress.picture()))
        except OSError as error:
            logger.warning("a frame could not be kept (%s); going on without", error)
        self.spent += self.clock() - began_at

    def film(self, painting: Image.Image) -> ContentFile[bytes] | None:
        """The frames, and the painting at the end, as an animated WebP; None where there are too few."""
        pictures = self._pictures()
        if len(pictures) < FEWEST_FRAMES:
            return None
        film = animated([*pictures, picture_in(self._still(painting))], self.size)
        return ContentFile(film, name=f"{uuid.uuid4().hex}.webp")

    def _pictures(self) -> list[bytes]:
        """Of the frames that are whole. A disk that cannot be read costs the film and not the painting."""
        try:
            return [picture for path in self._kept() if (picture := picture_in(path.read_bytes()))]
        except OSError as error:
            logger.warning("the frames could not be read (%s); there is no time-lapse", error)
            return []

    def _kept(self) -> list[Path]:
        """In the order of the painting; those that were left half-written have another name."""
        return sorted(self.path.parent.glob(f"{self.path.name}.frame-[0-9][0-9]"))

    def _still(self, picture: Image.Image) -> bytes:
        buffer = io.BytesIO()
        picture.resize(self.size, Image.Resampling.BILINEAR, reducing_gap=2.0).save(buffer, "WEBP", **FRAME_OPTIONS)
        return buffer.getvalue()

    def _write(self, number: int, content: bytes) -> None:
        path = self.path.with_name(f"{self.path.name}.frame-{number:02d}")
        part = path.with_name(f"{path.name}.part")
        path.parent.mkdir(parents=True, exist_ok=True)
        part.write_bytes(content)
        part.replace(path)


def animated(pictures: Sequence[bytes], size: tuple[int, int]) -> bytes:
    """One animated WebP of the pictures in still ones, all of `size`: it plays in a few seconds, rests at its end, and
    repeats."""
    least, most = FRAME_MS
    pause = round(min(max(1000 * FILM_SECONDS / len(pictures), least), most))
    pauses = [pause] * (len(pictures) - 1) + [LAST_FRAME_MS]
    width, height = (_three_bytes(side - 1) for side in size)
    header = _chunk(b"VP8X", bytes([ANIMATED, 0, 0, 0]) + width + height) + _chunk(b"ANIM", bytes(6))
    corner = bytes(6)
    frames = [
        _chunk(b"ANMF", corner + width + height + _three_bytes(pause) + bytes([OVER_THE_LAST]) + picture)
        for picture, pause in zip(pictures, pauses, strict=True)
    ]
    return _chunk(b"RIFF", b"WEBP" + header + b"".join(frames))


def picture_in(still: bytes) -> bytes:
    """The chunk of a lossy still WebP that holds its picture; nothing where the file is damaged."""
    place = FIRST_CHUNK
    while place + CHUNK_HEADER <= len(still):
        name, length = struct.unpack_from("<4sI", still, place)
        end = place + CHUNK_HEADER + length + length % 2
        if name == b"VP8 ":
            return still[place:end] if end <= len(still) else b""
        place = end
    return b""


def _chunk(name: bytes, content: bytes) -> bytes:
    return name + struct.pack("<I", len(content)) + content + bytes(len(content) % 2)


def _three_bytes(number: int) -> bytes:
    return number.to_bytes(3, "little")


def _place(progress: ml.Progress) -> int:
    """Which of the frames this moment belongs to."""
    return min(int(progress.fraction * MOST_FRAMES), MOST_FRAMES - 1)


def _number(path: Path) -> int:
    return int(path.name[-2:])


def _fitted(picture: tuple[int, int], long_side: int) -> tuple[int, int]:
    factor = long_side / max(picture)
    width, height = (max(1, round(side * factor)) for side in picture)
    return width, height
