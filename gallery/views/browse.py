"""Walls to browse: everyone's, an artist's, and those of the artists one follows."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_POST, require_safe
from django_htmx.http import push_url

from accounts.http import SignedInRequest
from accounts.models import User
from gallery import services
from gallery.browsing import ORDERS, Wish, page_of_works
from gallery.http import acted
from gallery.models import Artwork, Collection, Follow
from gallery.pages import Page
from transfer.models import Style

COLLECTIONS_SHOWN = 12
FILTERS = ("q", "style", "tag", "artist")


@require_safe
def index(request: HttpRequest) -> HttpResponse:
    wish = Wish.of(request.GET)
    works = wish.among(Artwork.objects.on_show_to(request.user)).with_prints()
    page = page_of_works(works, wish, request.GET)
    styles = list(Style.objects.starters())
    context = {
        **_wall(page, wish.query()),
        "wish": wish,
        "tabs": _tabs(request, wish),
        "styles": styles,
        "style": next((style for style in styles if style.slug == wish.style), None),
        "without": {name: f"{request.path}?{wish.query(**{name: ''})}".rstrip("?") for name in FILTERS},
        "is_front": page.is_first and not wish.query(),
    }
    response = render(request, "gallery/index.html", context)
    # The search form sends its empty fields too.
    asked_anew = request.htmx and page.is_first  # type: ignore[attr-defined]
    return push_url(response, f"{request.path}?{wish.query()}".rstrip("?")) if asked_anew else response


@require_safe
@login_required
def following(request: SignedInRequest) -> HttpResponse:
    """The newest works of the artists that the viewer follows."""
    followed = Follow.objects.filter(follower=request.user).values("artist")
    works = Artwork.objects.on_show_to(request.user).filter(artist__in=followed).with_prints()
    page = page_of_works(works, Wish(), request.GET)
    context = {**_wall(page), "tabs": _tabs(request, Wish()), "follows_somebody": page.rows or followed.exists()}
    return render(request, "gallery/following.html", context)


@require_safe
def artist(request: HttpRequest, username: str) -> HttpResponse:
    artist = _artist(username)
    page = page_of_works(Artwork.objects.by(artist, request.user).with_prints(), Wish(), request.GET)
    collections = Collection.objects.visible_to(request.user).filter(owner=artist)[:COLLECTIONS_SHOWN]
    context = {
        **_wall(page),
        "artist": artist,
        "collections": collections.with_covers(artist, request.user),
        "follows": _follows(request, artist),
    }
    return render(request, "gallery/artist.html", context)


@require_POST
def follow(request: HttpRequest, username: str) -> HttpResponse:
    artist = _artist(username)
    return _changed(request, artist, lambda person: services.follow(artist=artist, follower=person))


@require_POST
def unfollow(request: HttpRequest, username: str) -> HttpResponse:
    artist = _artist(username)
    return _changed(request, artist, lambda person: services.unfollow(artist=artist, follower=person))


def _changed(request: HttpRequest, artist: User, act: Any) -> HttpResponse:
    def show() -> HttpResponse:
        return render(request, "gallery/_follow.html", {"artist": artist, "follows": _follows(request, artist)})

    return acted(request, reverse("gallery:artist", args=[artist.username]), act, show)


def _artist(username: str) -> User:
    return get_object_or_404(User.objects.select_related("profile"), username=username, is_active=True)


def _follows(request: HttpRequest, artist: User) -> bool:
    viewer = request.user
    return viewer.is_authenticated and Follow.objects.filter(follower=viewer, artist=artist).exists()


def _tabs(request: HttpRequest, wish: Wish) -> list[dict[str, Any]]:
    """The gallery in its orders, with the same filters, and for whoever is signed in the artists they follow."""
    gallery, followed = reverse("gallery:index"), reverse("gallery:following")
    is_followed = request.path == followed
    tabs = [
        {
            "label": label,
            "address": f"{gallery}?{wish.query(sort=sort)}".rstrip("?"),
            "is_current": sort == wish.sort and not is_followed,
        }
        for sort, (_, label) in ORDERS.items()
    ]
    if request.user.is_authenticated:
        tabs.append({"label": gettext("Following"), "address": followed, "is_current": is_followed})
    return tabs


def _wall(page: Page[Artwork], query: str = "") -> dict[str, Any]:
    """What `gallery/_wall.html` shows; `query` is what its links to other pages keep of the address."""
    return {"page": page, "query": f"&{query}" if query else ""}
