"""A painting's record: with the same pictures, it is enough to paint the painting again.

It holds no file names and nothing of the pictures but their digests, so that publishing it tells nothing about them.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PIL import Image, PngImagePlugin

from ml.errors import RecordError
from ml.pictures import DAMAGED, MASK_GROUND, flattened
from ml.settings import Settings

if TYPE_CHECKING:
    from ml.features import FeatureNetwork
    from ml.generators import TrainedGenerator

VERSION = "0.3.0"
# The keyword of the PNG text chunk that holds the record.
KEYWORD = "stylesite"
PNG = b"\x89PNG\r\n\x1a\n"


@dataclass(frozen=True, kw_only=True)
class Record:
    """What decided a painting. Digests are SHA-256; those of pictures are of their size and RGB values, the generator's
    of its file."""

    engine: str
    weights: str
    precision: str
    device: str
    settings: Settings
    content: str
    styles: tuple[str, ...]
    masks: tuple[str, ...] = ()
    start: str | None = None
    generator: str | None = None

    @classmethod
    def of(
        cls,
        content: Image.Image,
        styles: Sequence[Image.Image],
        settings: Settings,
        network: FeatureNetwork,
        masks: Sequence[Image.Image] = (),
        start: Image.Image | None = None,
        generator: TrainedGenerator | None = None,
    ) -> Record:
        """The record of what `stylize` makes of the same arguments."""
        return cls(
            engine=VERSION,
            weights=network.digest,
            precision=network.precision.value,
            device=network.device.type,
            settings=settings,
            content=digest(content),
            styles=digests(styles),
            masks=tuple(digest(mask, MASK_GROUND) for mask in masks),
            start=None if start is None else digest(start),
            generator=generator.digest if generator else None,
        )

    def to_json(self) -> str:
        return json.dumps(asdict(self), indent=2)

    @classmethod
    def from_json(cls, text: str) -> Record:
        """Raises RecordError for what is not a record."""
        try:
            values = _in_tuples(json.loads(text))
            settings = Settings(**values.pop("settings"))
            return cls(settings=settings, **values)
        except (ValueError, TypeError, KeyError, AttributeError, RecursionError) as error:
            raise RecordError(f"this is not a painting's record ({error})") from error

    @classmethod
    def read(cls, path: Path) -> Record:
        """The record in a PNG or a JSON file. Raises RecordError where there is none, OSError."""
        with path.open("rb") as file:
            begins = file.read(8)
        if not begins.startswith(PNG):
            if begins.lstrip().startswith(b"{"):
                return cls.from_json(path.read_text(errors="replace"))
            raise RecordError(f"{path} is not a painting's record: neither a PNG that carries one nor its JSON")
        try:
            with Image.open(path) as picture:
                text = picture.info.get(KEYWORD)
        except DAMAGED as error:
            raise RecordError(f"{path} is damaged or cut short") from error
        if not isinstance(text, str):
            raise RecordError(f"{path} carries no record")
        return cls.from_json(text)

    def in_png(self) -> PngImagePlugin.PngInfo:
        """The record as `pnginfo` for Pillow's `save`."""
        chunks = PngImagePlugin.PngInfo()
        chunks.add_itxt(KEYWORD, self.to_json())
        return chunks

    def difference(self, other: Record) -> str | None:
        """The first thing in which `other` does not agree with this one, where that changes the painting."""
        for field in fields(self):
            if field.name != "device" and getattr(self, field.name) != getattr(other, field.name):
                return field.name
        return None


def digest(picture: Image.Image, ground: str = "white") -> str:
    """SHA-256 of a picture's size and RGB values, with `ground` where it is transparent."""
    rgb = flattened(picture, ground)
    return hashlib.sha256(f"{rgb.width}×{rgb.height} ".encode() + rgb.tobytes()).hexdigest()


def digests(pictures: Sequence[Image.Image]) -> tuple[str, ...]:
    return tuple(map(digest, pictures))


def _in_tuples(value: Any) -> Any:
    """JSON's lists as the tuples they were."""
    if isinstance(value, list):
        return tuple(map(_in_tuples, value))
    if isinstance(value, dict):
        return {key: _in_tuples(each) for key, each in value.items()}
    return value
