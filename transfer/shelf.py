"""The studio's shelves: the photos and styles that somebody has at hand."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from accounts.models import User
from transfer.models import Favourite, Job, Photo, Style
from transfer.sample_photos import SAMPLE_PHOTOS, SamplePhoto

RECENT_PHOTOS = 12
RECENT_STYLES = 8
# As many jobs back as are looked at for the styles used last.
RECENT_JOBS = 40


@dataclass(frozen=True)
class ShelfStyle:
    """A style with what the shelf says and does about it."""

    style: Style
    is_own: bool
    is_favourite: bool
    is_recent: bool
    is_chosen: bool
    weight: Any


def photos_of(user: User, chosen: Any) -> list[Photo]:
    """The most recent photos, and the chosen one if it is older."""
    own = Photo.objects.filter(owner=user)
    recent = list(own[:RECENT_PHOTOS])
    if chosen is None or str(chosen) in {str(photo.pk) for photo in recent}:
        return recent
    return [*recent, *own.filter(pk=chosen)]


def samples_beside(photos: list[Photo]) -> list[SamplePhoto]:
    """The sample photos of which no copy is among somebody's own."""
    copied = {photo.sample for photo in photos}
    return [sample for sample in SAMPLE_PHOTOS if sample.slug not in copied]


def styles_for(user: User, chosen: list[str], weights: dict[str, str]) -> list[ShelfStyle]:
    """Every style that the user may use: the house's first, then their own, the newest first."""
    favourites = set(Favourite.objects.filter(user=user).values_list("style_id", flat=True))
    recent = _recent_styles(user)
    offered = [*Style.objects.starters(), *Style.objects.of(user)]
    return [
        ShelfStyle(
            style,
            is_own=not style.is_starter,
            is_favourite=style.pk in favourites,
            is_recent=style.pk in recent,
            is_chosen=str(style.pk) in chosen,
            weight=weights.get(str(style.pk), "50"),
        )
        for style in offered
    ]


def _recent_styles(user: User) -> set[Any]:
    last = Job.objects.filter(owner=user).values_list("style_id", flat=True)[:RECENT_JOBS]
    return set(list(dict.fromkeys(last))[:RECENT_STYLES])
