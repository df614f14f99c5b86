"""From a work to the studio: addresses at which the studio's form is filled in as its painter had it."""

from __future__ import annotations

from typing import Any

from gallery.models import Artwork
from transfer.addresses import studio_queries


def remix_queries(artwork: Artwork, viewer: Any) -> dict[str, str]:
    """For a page's links: `style_query` names the styles, and is empty where they are their owner's alone;
    `remix_query` says the settings as well."""
    style_query, remix_query = studio_queries(artwork.job, viewer)
    return {"style_query": style_query, "remix_query": remix_query}
