"""What somebody browses for, as the address says it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.http import QueryDict
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from gallery.forms import BrowseForm
from gallery.models import Artwork, Tag
from gallery.models.artworks import ArtworkQuerySet
from gallery.pages import Page, page_of
from transfer.models import Style

WORKS_PER_PAGE = 24

NEWEST, TRENDING, LIKED = "newest", "trending", "liked"
ORDERS: dict[str, tuple[str, Promise]] = {
    NEWEST: ("published_at", _("Newest")),
    TRENDING: ("trend", _("Trending")),
    LIKED: ("like_count", _("Most liked")),
}


@dataclass(frozen=True)
class Wish:
    """An order, and what the works must have. A filter that names nothing finds nothing."""

    sort: str = NEWEST
    q: str = ""
    style: str = ""
    tag: str = ""
    artist: str = ""

    @classmethod
    def of(cls, query: QueryDict) -> Wish:
        """What the address asks for; what it says wrongly is passed over."""
        form = BrowseForm(query)
        form.is_valid()
        return cls(**{name: value for name, value in form.cleaned_data.items() if value})

    def query(self, **changes: str) -> str:
        """The address that asks for this, with changes; defaults are left out."""
        asked = vars(self) | changes
        query = QueryDict(mutable=True)
        query.update({name: value for name, value in asked.items() if value and value != DEFAULTS.get(name)})
        return query.urlencode()

    @property
    def is_filtered(self) -> bool:
        return bool(self.q or self.style or self.tag or self.artist)

    @property
    def keys(self) -> tuple[str, ...]:
        return (ORDERS[self.sort][0], "id")

    def among(self, works: ArtworkQuerySet) -> ArtworkQuerySet:
        if self.q:
            works = works.filter(words__matching=self.q)
        if self.style:
            works = _with(works, "style", Style.objects.filter(owner=None, slug=self.style))
        if self.tag:
            works = _with(works, "tags", Tag.objects.filter(name=self.tag))
        if self.artist:
            works = _with(works, "artist", User.objects.filter(username=self.artist))
        return works


DEFAULTS = {"sort": NEWEST}


def page_of_works(works: ArtworkQuerySet, wish: Wish, query: QueryDict) -> Page[Artwork]:
    return page_of(works, wish.keys, WORKS_PER_PAGE, query.get("older", ""), query.get("newer", ""))


def _with(works: ArtworkQuerySet, field: str, rows: Any) -> ArtworkQuerySet:
    """Asked by the row's key, for PostgreSQL knows of each key how common it is."""
    key = rows.values_list("pk", flat=True).first()
    return works.filter(**{field: key}) if key else works.none()
