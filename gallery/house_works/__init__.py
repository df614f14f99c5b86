"""The works that a new site's gallery begins with: sample photos in starter styles, painted by this project's engine.

`python -m gallery.house_works` paints them anew. The site uses the list and the pictures alone.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from transfer.sample_photos import SAMPLE_PHOTOS, SamplePhoto

IMAGES = Path(__file__).parent / "images"
# The long side of every one of them.
SIZE = 384


@dataclass(frozen=True)
class HouseWork:
    """A work by its title, and all that its painting needs: run again, it comes out the same."""

    title: str
    photo: str
    style: str
    tags: tuple[str, ...]
    seed: int
    colours: str = "style"
    preset: str = "draft"

    @property
    def slug(self) -> str:
        return f"{self.photo}-{self.style}"

    @property
    def sample(self) -> SamplePhoto:
        return next(sample for sample in SAMPLE_PHOTOS if sample.slug == self.photo)

    @property
    def path(self) -> Path:
        return IMAGES / f"{self.slug}.webp"


# Hung from the last to the first, so that the first is the newest.
HOUSE_WORKS = (
    HouseWork("Two parrots in glass", "parrots", "glass", ("birds", "glass"), 11),
    HouseWork("Lighthouse, cut in wood", "lighthouse", "woodcut", ("sea", "lighthouse"), 12),
    HouseWork("The stream in ink", "stream", "ink", ("mountains", "ink"), 13),
    HouseWork("Cat in chalk", "cat", "pastel", ("cat",), 14, colours="matched"),
    HouseWork("Island in a pattern of waves", "beach", "foam", ("sea", "island"), 15),
    HouseWork("A coffee of small stones", "coffee", "mosaic", ("coffee", "still life"), 16),
    HouseWork("Lighthouse in thick oil", "lighthouse", "impasto", ("sea", "lighthouse"), 17),
    HouseWork("Parrots, still wet", "parrots", "watercolour", ("birds",), 18, colours="photo"),
)
