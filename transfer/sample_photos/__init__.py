"""The sample photos: pictures for whoever has none at hand, so that the first painting needs no upload.

The lighthouse, the parrots, the stream and the island are from the Kodak Lossless True Color Image Suite, which its
maker released for unrestricted use, without their scanning frames. The cat is by Stéfan van der Walt and the coffee by
Rachel Michetti, both given to the public domain (CC0).
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from django.utils.translation import gettext

IMAGES = Path(__file__).parent / "images"


def _(text: str) -> str:
    """Marks a text for translation where it is shown. Django's own marker would ask for settings first."""
    return text


@dataclass(frozen=True)
class SamplePhoto:
    """A photo by its slug, which is also its picture's name, as the studio shows it."""

    slug: str
    name: str
    size: tuple[int, int]
    """Width and height."""

    @property
    def display_name(self) -> str:
        return gettext(self.name)

    @property
    def path(self) -> Path:
        return IMAGES / f"{self.slug}.jpg"


SAMPLE_PHOTOS = (
    SamplePhoto("cat", _("Cat"), (451, 300)),
    SamplePhoto("lighthouse", _("Lighthouse"), (502, 758)),
    SamplePhoto("parrots", _("Parrots"), (758, 502)),
    SamplePhoto("beach", _("Island"), (758, 502)),
    SamplePhoto("coffee", _("Coffee"), (600, 400)),
    SamplePhoto("stream", _("Mountain stream"), (758, 502)),
)


def sample_photo(slug: object) -> SamplePhoto | None:
    return next((sample for sample in SAMPLE_PHOTOS if sample.slug == slug), None)
