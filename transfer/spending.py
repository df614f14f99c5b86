"""The daily share of painting: what people have used of it, and when there is room again.

A job is charged with its pixel steps when it is submitted. One that was cancelled costs what it had done by then, and
one that failed costs nothing.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db.models import Case, F, FloatField, QuerySet, Sum, Value, When
from django.db.models.functions import Cast
from django.utils import timezone

from accounts.models import User
from accounts.quotas import limits_of
from transfer.errors import LargerThanTheShare, ShareUsedUp
from transfer.models import Job, Spending, State

DAY = timedelta(days=1)

_CHARGED = Case(
    When(job__state=State.FAILED, then=Value(0.0)),
    When(job__state=State.CANCELLED, then=F("pixel_steps") * F("job__fraction")),
    default=Cast("pixel_steps", FloatField()),
    output_field=FloatField(),
)


def charge(job: Job, pixel_steps: int) -> None:
    """Charge the owner of a job, now; once more for the same job takes the place of the earlier charge."""
    Spending.objects.update_or_create(
        job=job, defaults={"owner": job.owner, "pixel_steps": pixel_steps, "at": timezone.now()}
    )


def settle(job: Job) -> None:
    """Fix what a job has cost, before it is deleted."""
    for pk, charged in Spending.objects.filter(job=job).values_list("pk", _CHARGED):
        Spending.objects.filter(pk=pk).update(pixel_steps=round(charged))


def used(owner: User) -> int:
    """Pixel steps within the last 24 hours."""
    return round(_recent(owner).aggregate(total=Sum(_CHARGED))["total"] or 0)


def percent_left(owner: User) -> int:
    """How much of the owner's share there is still, in per cent."""
    share = limits_of(owner).daily_pixel_steps
    return int(100 * max(0, share - used(owner)) / max(1, share))


def check_share(owner: User, pixel_steps: int) -> int:
    """How many per cent of the owner's share `pixel_steps` more would leave. Raises `ShareUsedUp` and
    `LargerThanTheShare` where there is no room for them."""
    share = limits_of(owner).daily_pixel_steps
    if pixel_steps > share:
        raise LargerThanTheShare
    left = share - used(owner) - pixel_steps
    if left < 0:
        raise ShareUsedUp(_seconds_until(_free_at(owner, -left)))
    return int(100 * left / max(1, share))


def _free_at(owner: User, pixel_steps: int) -> datetime:
    """When so much of what was used will be a day ago."""
    for at, charged in _recent(owner).order_by("at").values_list("at", _CHARGED):
        pixel_steps -= round(charged)
        if pixel_steps <= 0:
            return at + DAY
    return timezone.now()


def _seconds_until(moment: datetime) -> int:
    return max(1, round((moment - timezone.now()).total_seconds()))


def _recent(owner: User) -> QuerySet[Spending]:
    return Spending.objects.filter(owner=owner, at__gt=timezone.now() - DAY)
