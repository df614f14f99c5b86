"""What the owners of jobs are told when one has ended."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from django.utils import timezone

from accounts import letters, webhooks
from accounts.language import in_language_of
from accounts.models import MailWish
from transfer.models import Job, State

# So long after the submission its owner may well look elsewhere.
LONG = timedelta(minutes=3)
# Whoever has cancelled a job knows.
TOLD_BY_MAIL = (State.SUCCEEDED, State.FAILED)


def job_ended(job_id: UUID) -> None:
    """Tell the owner and their webhooks, within the transaction that has ended the job."""
    job = Job.objects.select_related("owner", "style").filter(pk=job_id).first()
    if job is None:
        return
    content = {"job": str(job.pk), "state": job.state, "failure": job.failure or None}
    webhooks.notify(user_id=job.owner_id, event=f"job.{job.state}", content=content)
    if _is_wanted_by_mail(job):
        _write_to_owner(job)


def nobody(row_id: UUID) -> None:
    """Of a training's end, which staff see in the admin."""


def _is_wanted_by_mail(job: Job) -> bool:
    was_long = timezone.now() - job.created_at >= LONG
    return job.state in TOLD_BY_MAIL and was_long and job.owner.mail_when_done == MailWish.LONG


def _write_to_owner(job: Job) -> None:
    with in_language_of(job.owner):
        style = job.style.display_name
    content = {"state": job.state, "style": style, "path": job.get_absolute_url()}
    letters.write(user=job.owner, template="transfer/mail/done", content=content)
