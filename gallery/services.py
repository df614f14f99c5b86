"""What people do in the gallery."""

from __future__ import annotations

import uuid
from typing import Any

from django.core.files.base import File
from django.db import transaction
from django.utils.translation import gettext_lazy as _
from PIL import Image

from gallery.models import Artwork
from transfer.errors import Refused
from transfer.models import Job, State


class NotFinished(Refused):
    reason = _("Only a finished picture can be published.")


@transaction.atomic
def publish(*, job: Job, title: str) -> Artwork:
    """Show a finished job's result to everyone; publishing again only changes the title. Raises `NotFinished`."""
    job = Job.objects.select_for_update().get(pk=job.pk)
    if job.state != State.SUCCEEDED:
        raise NotFinished
    if artwork := Artwork.objects.filter(job=job).first():
        artwork.title = title
        artwork.save(update_fields=["title"])
        return artwork
    artwork = Artwork(job=job, artist=job.owner, title=title)
    _copy(job.display, artwork, "image")
    _copy(job.card, artwork, "card")
    artwork.save()
    return artwork


def unpublish(*, artwork: Artwork) -> None:
    """Take a work back: its page and its public copies are gone, the job stays with its owner."""
    artwork.delete()


def _copy(source: Any, artwork: Artwork, field: str) -> None:
    """Copy a rendition under a new random name, so that a public address tells nothing about private ones."""
    with source.open("rb") as file:
        width, height = Image.open(file).size
        file.seek(0)
        getattr(artwork, field).save(f"{uuid.uuid4().hex}.webp", File(file), save=False)
    setattr(artwork, f"{field}_width", width)
    setattr(artwork, f"{field}_height", height)
