"""What search engines are told: the public works, in sitemaps of a bounded length, and which addresses to leave alone.

Works' ids are random, so that equal ranges of ids hold about equally many works: a sitemap is the works of one range,
read by the primary key. How many ranges are needed is judged by counting one of 256.
"""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any

from django.conf import settings
from django.contrib.sitemaps import Sitemap, views
from django.core.paginator import EmptyPage, PageNotAnInteger
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_safe

from gallery.models import Artwork

ADDRESSES = 5000
SAMPLES = 256
IDS = 2**128


class Ranges:
    """The paginator of `WorksSitemap`: page p of n holds the ids of the p-th n-th of all ids."""

    def __init__(self) -> None:
        sample = _works().filter(id__lte=uuid.UUID(int=(IDS - 1) // SAMPLES)).count()
        self.num_pages = sample * SAMPLES // ADDRESSES + 1

    def page(self, number: Any) -> Any:
        place = self._place(number)
        works = _works().filter(id__gte=uuid.UUID(int=IDS * (place - 1) // self.num_pages))
        if place < self.num_pages:
            works = works.filter(id__lt=uuid.UUID(int=IDS * place // self.num_pages))
        return _Range(works.only("published_at").order_by("id"))

    def _place(self, number: Any) -> int:
        try:
            place = int(number)
        except ValueError as error:
            raise PageNotAnInteger from error
        if not 1 <= place <= self.num_pages:
            raise EmptyPage
        return place


class _Range:
    def __init__(self, works: Any) -> None:
        self.object_list = works


class WorksSitemap(Sitemap):  # type: ignore[type-arg]
    protocol = settings.SITE_URL.partition(":")[0]

    @property
    def paginator(self) -> Any:
        return Ranges()

    def lastmod(self, item: Artwork) -> datetime:
        return item.published_at

    def get_latest_lastmod(self) -> datetime | None:
        return _works().order_by("-published_at").values_list("published_at", flat=True).first()


class PagesSitemap(Sitemap):  # type: ignore[type-arg]
    protocol = WorksSitemap.protocol

    def items(self) -> list[str]:
        return ["gallery:index", "about"]

    def location(self, item: str) -> str:
        return reverse(item)


SITEMAPS: Any = {"pages": PagesSitemap, "works": WorksSitemap}


@require_safe
def index(request: HttpRequest) -> HttpResponse:
    return views.index(request, SITEMAPS, sitemap_url_name="gallery:sitemap")


@require_safe
def section(request: HttpRequest, section: str) -> HttpResponse:
    return views.sitemap(request, SITEMAPS, section=section)


@require_safe
def robots(request: HttpRequest) -> HttpResponse:
    private = ["/studio/", "/accounts/", "/admin/", "/collections/", "/following/", "/notices/"]
    lines = ["User-agent: *", *(f"Disallow: {path}" for path in private)]
    sitemap = settings.SITE_URL + reverse("gallery:sitemap_index")
    return HttpResponse("\n".join([*lines, "", f"Sitemap: {sitemap}", ""]), content_type="text/plain")


def _works() -> Any:
    return Artwork.objects.on_show_to(None)  # type: ignore[attr-defined]
