"""What somebody has used of the site's machines, and what they may."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from django.conf import settings
from django.core.cache import cache
from django.db.models import FileField, Model
from django.db.models.fields.files import FieldFile

from accounts.models import User
from accounts.quotas import limits_of
from transfer import services, spending
from transfer.models import Job, Photo, State, Style
from transfer.models.jobs import UNFINISHED

# A storage elsewhere is asked file by file.
STORAGE_KNOWN_SECONDS = 300


@dataclass(frozen=True)
class Usage:
    """Of one person."""

    unfinished_jobs: int
    running_jobs: int
    pixel_steps: int
    """Within 24 hours."""
    uploads: int
    """Within an hour."""


def used_by(person: User) -> Usage:
    states = list(Job.objects.filter(owner=person, state__in=UNFINISHED).values_list("state", flat=True))
    return Usage(
        unfinished_jobs=len(states),
        running_jobs=states.count(State.RUNNING),
        pixel_steps=spending.used(person),
        uploads=services.recent_uploads(owner=person),
    )


def allowed_to(person: User) -> Usage:
    limits = limits_of(person)
    return Usage(
        unfinished_jobs=limits.unfinished_jobs,
        running_jobs=limits.running_jobs,
        pixel_steps=limits.daily_pixel_steps,
        uploads=settings.UPLOADS_PER_HOUR,
    )


def stored_bytes(person: User) -> int:
    """How much their photos, styles and paintings take, as it was at most five minutes ago."""
    return int(
        cache.get_or_set(f"stored-bytes:{person.pk}", lambda: sum(map(_size, _files(person))), STORAGE_KNOWN_SECONDS)
        or 0
    )


def _files(person: User) -> Iterator[FieldFile]:
    for model in (Photo, Style, Job):
        names = [field.name for field in model._meta.get_fields() if isinstance(field, FileField)]
        for row in model._default_manager.filter(owner=person).only(*names).iterator():
            yield from _files_of(row, names)


def _files_of(row: Model, names: list[str]) -> Iterator[FieldFile]:
    return (file for name in names if (file := getattr(row, name)))


def _size(file: FieldFile) -> int:
    try:
        return int(file.size)
    except FileNotFoundError:
        return 0
