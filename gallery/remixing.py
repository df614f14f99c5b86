"""From a work to the studio: addresses at which the studio's form is filled in as its painter had it."""

from __future__ import annotations

from typing import Any

from django.utils.http import urlencode

from gallery.models import Artwork
from transfer.models import Style

REMIXED = ("preset", "size", "colours", "init", "seed")


def style_query(artwork: Artwork, viewer: Any) -> str:
    """`style=…`, or nothing where the style is its owner's alone."""
    return urlencode(_style(artwork, viewer))


def remix_query(artwork: Artwork, viewer: Any) -> str:
    """The settings, and the style where the viewer may use it. The studio passes over what it does not offer."""
    job = artwork.job
    settings = {name: getattr(job, name) for name in REMIXED}
    settings |= {name: f"{getattr(job, name):.1f}" for name in ("style_strength", "brush_size", "gan_strength")}
    if job.generator_id:
        settings["generator"] = job.generator_id
    return urlencode(_style(artwork, viewer) | settings)


def _style(artwork: Artwork, viewer: Any) -> dict[str, Any]:
    owner = viewer if viewer.is_authenticated else None
    return {"style": artwork.style_id} if Style.objects.offered_to(owner).filter(pk=artwork.style_id).exists() else {}
