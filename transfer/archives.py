"""Many pictures as one zip, made while it is sent: no copy of it is kept anywhere."""

from __future__ import annotations

import zipfile
from collections.abc import AsyncIterator, Iterable, Iterator
from typing import Any

from asgiref.sync import sync_to_async

Entry = tuple[str, Any]
"""A path in the archive, and a file field."""

# A few network packets' worth: a picture of megabytes is not held in memory whole.
CHUNK_BYTES = 256 * 1024


class _Pipe:
    """What a zip file writes into, and its reader takes away; it cannot be sought in, and zip files need not."""

    def __init__(self) -> None:
        self.written: list[bytes] = []

    def write(self, content: bytes) -> int:
        self.written.append(bytes(content))
        return len(content)

    def flush(self) -> None:
        """Nothing is held back."""

    def taken(self) -> bytes:
        content, self.written = b"".join(self.written), []
        return content


def zipped(entries: Iterable[Entry]) -> Iterator[bytes]:
    """The archive, piece by piece. A file that has gone meanwhile is left out."""
    pipe = _Pipe()
    with zipfile.ZipFile(pipe, "w") as archive:  # type: ignore[call-overload]
        for path, file in entries:
            try:
                opened = file.open("rb")
            except FileNotFoundError:
                continue
            # Pictures are compressed already.
            with opened, archive.open(path, "w") as entry:
                for chunk in opened.chunks(CHUNK_BYTES):
                    entry.write(chunk)
                    yield pipe.taken()
    yield pipe.taken()


async def streamed(pieces: Iterator[bytes]) -> AsyncIterator[bytes]:
    """The pieces as they are asked for, each made in a thread."""
    following = sync_to_async(lambda: next(pieces, None))
    while (piece := await following()) is not None:
        yield piece
