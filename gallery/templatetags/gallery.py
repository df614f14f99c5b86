"""What the gallery adds to other apps' pages; they need not know it."""

from __future__ import annotations

from typing import Any

from django import template

from gallery.forms import PublishForm
from gallery.models import Artwork
from transfer.models import Job

register = template.Library()


@register.inclusion_tag("gallery/_publish.html", takes_context=True)
def publish_panel(context: template.Context, job: Job) -> dict[str, Any]:
    """A finished job's place in the gallery: its artwork, or the form that publishes it."""
    artwork = Artwork.objects.filter(job=job).first()
    return {"job": job, "artwork": artwork, "publish_form": PublishForm(), "csrf_token": context.get("csrf_token")}
