"""What a painting would take that has not been submitted."""

from __future__ import annotations

from dataclasses import dataclass

from accounts.models import User
from transfer.engine import price
from transfer.errors import Refused
from transfer.forecasts import Forecast, forecast_of
from transfer.models import Job, Photo
from transfer.spending import check_share

# The proportions of a photo that is not chosen yet.
USUAL = Photo(width=4, height=3)


@dataclass(frozen=True)
class Estimate:
    """The work of a painting, when it would be ready, and what it would leave of its owner's share of the day."""

    steps: int
    pixel_steps: int
    forecast: Forecast | None
    """None where its owner may run no jobs."""
    percent_left: int | None
    """None where the share does not suffice."""
    refusal: Refused | None
    """Why it would not be taken."""


def estimate(*, owner: User, photo: Photo | None, preset: str, size: int) -> Estimate:
    steps, pixel_steps = price(Job(photo=photo or USUAL, preset=preset, size=size))
    forecast = forecast_of(owner.pk, preset, steps, pixel_steps)
    try:
        return Estimate(steps, pixel_steps, forecast, check_share(owner, pixel_steps), None)
    except Refused as refusal:
        return Estimate(steps, pixel_steps, forecast, None, refusal)
