"""New works as Atom feeds: everyone's, one artist's, one tag's."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.contrib.syndication.views import Feed
from django.http import Http404, HttpRequest
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.feedgenerator import Atom1Feed
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from accounts.models import User
from gallery.models import Artwork, Tag
from gallery.models.artworks import ArtworkQuerySet
from transfer.models import Style

ENTRIES = 30


class WorksFeed(Feed):  # type: ignore[type-arg]
    """The newest public works. What an anonymous visitor sees, for a feed's reader is none of us."""

    feed_type = Atom1Feed

    def title(self, of: Any) -> str:
        return _("Stylesite: new works")

    def link(self, of: Any) -> str:
        return reverse("gallery:index")

    def items(self, of: Any) -> Iterable[Artwork]:
        return self.works(of).with_prints().select_related("style").order_by("-published_at", "-id")[:ENTRIES]

    def works(self, of: Any) -> ArtworkQuerySet:
        return Artwork.objects.on_show_to(None)  # type: ignore[attr-defined]

    def item_title(self, item: Any) -> str:
        return str(item.title)

    def item_description(self, item: Artwork) -> str:
        return item.description or _styled(item.style)

    def item_author_name(self, item: Artwork) -> str:
        return str(item.artist.display_name)

    def item_author_link(self, item: Artwork) -> str:
        return settings.SITE_URL + reverse("gallery:artist", args=[item.artist.username])

    def item_pubdate(self, item: Artwork) -> Any:
        return item.published_at

    def item_enclosure_url(self, item: Artwork) -> str:
        return settings.SITE_URL + item.painting.widest.url

    item_enclosure_mime_type = "image/webp"
    # Not known without opening the file; 0 is what the format then asks for.
    item_enclosure_length = 0


class ArtistFeed(WorksFeed):
    def get_object(self, request: HttpRequest, username: str) -> User:  # type: ignore[override]
        return get_object_or_404(User, username=username, is_active=True)

    def title(self, of: User) -> str:
        return _("Stylesite: works by %(artist)s") % {"artist": of.display_name}

    def link(self, of: User) -> str:
        return reverse("gallery:artist", args=[of.username])

    def works(self, of: User) -> ArtworkQuerySet:
        return super().works(of).filter(artist=of)


class TagFeed(WorksFeed):
    def get_object(self, request: HttpRequest, tag: str) -> Tag:  # type: ignore[override]
        if not tag.isprintable():
            raise Http404
        return get_object_or_404(Tag, name=tag.lower())

    def title(self, of: Tag) -> str:
        return _("Stylesite: works tagged %(tag)s") % {"tag": of.name}

    def link(self, of: Tag) -> str:
        return f"{reverse('gallery:index')}?{urlencode({'tag': of.name})}"

    def works(self, of: Tag) -> ArtworkQuerySet:
        return super().works(of).filter(tags=of)


def _styled(style: Style) -> str:
    return _("Painted in the style %(style)s") % {"style": style.display_name} if style.is_starter else ""
