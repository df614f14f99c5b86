"""Keeping the words that works are found by."""

from __future__ import annotations

from collections.abc import Iterable

from accounts.models import User
from gallery.models import Artwork
from gallery.words import words_of

WORKS_AT_ONCE = 500


def found_by(artwork: Artwork, tags: Iterable[str]) -> str:
    """The words of what is said of a work, of its style and of its artist, under both their names."""
    artist = artwork.artist
    texts = (artwork.title, *tags, artist.username, artist.display_name, artwork.style.name, artwork.description)
    return words_of(texts)


def find_by_new_name(artist: User) -> None:
    """Let all works of an artist be found by the name that they are shown under now. Call it in a transaction."""
    works = Artwork.objects.select_for_update(of=("self",)).filter(artist=artist).order_by("pk")
    works = works.select_related("artist", "style").prefetch_related("tags")
    for artwork in works:
        artwork.words = found_by(artwork, [tag.name for tag in artwork.tags.all()])
    Artwork.objects.bulk_update(works, ["words"], batch_size=WORKS_AT_ONCE)
