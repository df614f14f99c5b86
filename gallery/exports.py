"""What one person has in the gallery, for the archive of their data."""

from __future__ import annotations

from typing import Any

from accounts.exports import Entry
from accounts.models import User
from gallery.models import Artwork


def own_works(user: User, **signal: Any) -> list[Entry]:
    """The published works; their pictures are among the paintings."""
    works = Artwork.objects.filter(artist=user).values("id", "job", "title", "published_at")
    return [("works.json", list(works))]
