"""Pictures that were painted elsewhere, by this project's engine, and come to the site with all their settings."""

from __future__ import annotations

from django.db import transaction
from PIL import Image

from accounts.models import User
from transfer import leases
from transfer.engine import price
from transfer.jobs import finish
from transfer.models import Job, Photo, State, Style
from transfer.queue import PAINTING
from transfer.services.jobs import Order


@transaction.atomic
def add_painted(*, owner: User, photo: Photo, style: Style, order: Order, picture: Image.Image) -> Job:
    """A finished job, as if its owner had ordered it here. Until it is whole no worker sees it. It was never started
    here: what this machine takes for a job is learnt from those that were."""
    job = Job(owner=owner, photo=photo, style=style, **vars(order), state=State.QUEUED)
    job.total_steps, job.pixel_steps = price(job)
    job.save()
    lease = leases.claim(PAINTING, job.pk, "the box")
    if lease is None:
        raise leases.LeaseLost(job.pk)
    finish(lease, picture)
    Job.objects.filter(pk=job.pk).update(started_at=None)
    job.refresh_from_db()
    return job
