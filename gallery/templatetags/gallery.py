"""What the gallery's templates say in few words, and what it adds to other apps' pages; they need not know it."""

from __future__ import annotations

from typing import Any

from django import template
from django.conf import settings
from django.utils.http import urlencode

from gallery.forms import PublishForm
from gallery.models import Artwork, Format, Print
from transfer.models import Job

register = template.Library()

# How wide a picture stands on the page, so that the browser fetches no larger one: see .hanging and .mat in the CSS.
ON_CARDS = (
    "(max-width: 34rem) calc(100vw - 2rem), (max-width: 54rem) calc(27vw * {ratio:.2f} * 1.2), "
    "calc(clamp(10rem, 17vw, 16rem) * {ratio:.2f} * 1.2)"
)
ALONE = "(max-width: 60rem) calc(100vw - 2rem), min(calc(100vw - 28rem), calc(82vh * {ratio:.2f}))"
ON_CARDS_FROM, ALONE_FROM = 640, 1600


@register.inclusion_tag("gallery/_publish.html", takes_context=True)
def publish_panel(context: template.Context, job: Job) -> dict[str, Any]:
    """A finished job's place in the gallery: its artwork, or the form that publishes it."""
    artwork = Artwork.objects.filter(job=job).first()
    return {"job": job, "artwork": artwork, "publish_form": PublishForm(), "csrf_token": context.get("csrf_token")}


@register.inclusion_tag("gallery/_picture.html")
def card_picture(picture: Print, eager: bool = False) -> dict[str, Any]:
    """On a card, whose title says what it is."""
    return _picture(picture, ON_CARDS, ON_CARDS_FROM) | {"alt": "", "lazy": not eager}


@register.inclusion_tag("gallery/_picture.html")
def whole_picture(picture: Print, alt: str) -> dict[str, Any]:
    """As large as the window lets it be."""
    return _picture(picture, ALONE, ALONE_FROM) | {"alt": alt, "first": True}


@register.simple_tag
def absolute(address: str) -> str:
    """The address as others know it."""
    return settings.SITE_URL + address


@register.simple_tag
def tag_address(tag: str) -> str:
    return f"?{urlencode({'tag': tag})}"


def _picture(picture: Print, sizes: str, width: int) -> dict[str, Any]:
    return {
        "print": picture,
        "avif": picture.srcset(Format.AVIF),
        "webp": picture.srcset(Format.WEBP),
        "src": picture.at_least(width).url,
        "sizes": sizes.format(ratio=picture.ratio),
    }
