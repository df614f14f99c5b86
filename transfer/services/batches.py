"""One style for many photos at once."""

from __future__ import annotations

import uuid
from collections.abc import Sequence

from django.db import transaction

from accounts.models import User
from transfer.models import Job, Photo, Style
from transfer.services.jobs import Order, check_room, submit_job

LARGEST_BATCH = 20


def submitted_batch(*, owner: User, batch: uuid.UUID) -> list[Job]:
    """The jobs that this very form has made already, if it has."""
    return list(Job.objects.filter(owner=owner, batch=batch))


@transaction.atomic
def submit_batch(*, owner: User, photos: Sequence[Photo], style: Style, order: Order, batch: uuid.UUID) -> list[Job]:
    """Queue a job for each photo, or none at all; the same `batch` again gives the same jobs.

    Raises what `check_room` and `submit_job` raise.
    """
    # As in submit_job: whoever sends the same form at the same moment waits here, and finds its jobs.
    User.objects.select_for_update().get(pk=owner.pk)
    if earlier := submitted_batch(owner=owner, batch=batch):
        return earlier
    check_room(owner=owner, jobs=len(photos))
    return [
        submit_job(
            owner=owner,
            photo=photo,
            style=style,
            order=order,
            submission=uuid.uuid5(batch, str(photo.pk)),
            batch=batch,
        )
        for photo in photos
    ]
