"""What one person has of pictures and jobs, for the archive of their data."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from accounts.exports import Entry
from accounts.models import User
from transfer.models import Job, Photo, Style

CHOICES = ("preset", "size", "style_strength", "brush_size", "colours", "init", "gan_strength", "seed")


def own_pictures(user: User, **signal: Any) -> Iterator[Entry]:
    """Photos and styles as they were stored, and each job with its result."""
    for photo in Photo.objects.filter(owner=user).iterator():
        yield f"photos/{photo.pk}{_suffix(photo.image)}", photo.image
    for style in Style.objects.filter(owner=user).iterator():
        yield f"styles/{style.pk}{_suffix(style.image)}", style.image
    for job in (
        Job.objects.filter(owner=user).select_related("style").prefetch_related("paints").iterator(chunk_size=100)
    ):
        yield f"paintings/{job.pk}.json", _about(job)
        for paint in job.paints.all():
            if paint.mask:
                yield f"paintings/{job.pk}-{paint.position + 1}.mask.png", paint.mask
        if job.result_png:
            yield f"paintings/{job.pk}.png", job.result_png


def _about(job: Job) -> dict[str, Any]:
    choices = {name: getattr(job, name) for name in CHOICES}
    moments = {name: getattr(job, name) for name in ("created_at", "started_at", "finished_at")}
    pictures = {"photo": job.photo_id, "style": job.style_id, "style_name": job.style.name}
    paints = [{"style": paint.style_id, "weight": paint.weight} for paint in job.paints.all()]
    return {"state": job.state, **pictures, "styles": paints, **choices, **moments}


def _suffix(file: Any) -> str:
    return "." + str(file.name).rpartition(".")[2]
