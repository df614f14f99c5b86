"""What one person may have of the site's machines."""

from __future__ import annotations

from dataclasses import dataclass

from django.conf import settings

from accounts.models import Quota, User


@dataclass(frozen=True)
class Limits:
    """One person's limits: their own where staff have set them, else those of everyone."""

    unfinished_jobs: int
    running_jobs: int
    daily_pixel_steps: int


def limits_of(user: User) -> Limits:
    everyone = Limits(
        settings.UNFINISHED_JOBS_PER_USER, settings.RUNNING_JOBS_PER_USER, settings.DAILY_PIXEL_STEPS_PER_USER
    )
    own = Quota.objects.filter(user=user).values(*Limits.__dataclass_fields__).first() or {}
    return Limits(**{**vars(everyone), **{name: limit for name, limit in own.items() if limit is not None}})
