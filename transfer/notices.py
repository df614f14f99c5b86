"""What the owners of jobs are told when one has ended."""

from __future__ import annotations

from uuid import UUID

from accounts import webhooks
from transfer.models import Job


def job_ended(job_id: UUID) -> None:
    """Tell the owner's webhooks, within the transaction that has ended the job."""
    job = Job.objects.filter(pk=job_id).first()
    if job is None:
        return
    content = {"job": str(job.pk), "state": job.state, "failure": job.failure or None}
    webhooks.notify(user_id=job.owner_id, event=f"job.{job.state}", content=content)


def nobody(row_id: UUID) -> None:
    """Of a training's end, which staff see in the admin."""
