"""From a work to the studio: addresses at which the studio's form is filled in as its painter had it."""

from __future__ import annotations

from typing import Any

from gallery.models import Artwork
from transfer.addresses import studio_query, styles_query


def style_query(artwork: Artwork, viewer: Any) -> str:
    """`style=…`, or nothing where the styles are their owner's alone."""
    return styles_query(artwork.job, viewer)


def remix_query(artwork: Artwork, viewer: Any) -> str:
    """The settings, and the styles where the viewer may use them. The studio passes over what it does not offer."""
    return studio_query(artwork.job, viewer)
