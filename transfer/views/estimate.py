"""What a painting would take, told while it is being chosen."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts.http import SignedInRequest
from accounts.quotas import limits_of
from transfer import spending
from transfer.engine import price
from transfer.errors import Refused
from transfer.forecasts import forecast_of
from transfer.forms import EstimateForm
from transfer.models import Job, Photo

# The proportions of a photo that is not chosen yet.
USUAL = Photo(width=4, height=3)


@require_safe
@login_required
def estimate(request: SignedInRequest) -> HttpResponse:
    """When a painting would be ready, and what it would leave of the day's share; nothing where the choice is none."""
    form = EstimateForm(request.GET, user=request.user)
    if not form.is_valid():
        return HttpResponse()
    chosen = form.cleaned_data
    job = Job(photo=chosen["photo"] or USUAL, preset=chosen["preset"], size=chosen["size"])
    steps, pixel_steps = price(job)
    context = {
        "forecast": forecast_of(request.user.pk, job.preset, steps, pixel_steps),
        "percent_left": _percent_left(request, pixel_steps),
        "refusal": _refusal(request, pixel_steps),
    }
    response = render(request, "transfer/_estimate.html", context)
    response["Cache-Control"] = "no-store"
    return response


def _percent_left(request: SignedInRequest, pixel_steps: int) -> int:
    share = limits_of(request.user).daily_pixel_steps
    left = share - spending.used(request.user) - pixel_steps
    return max(0, int(100 * left / max(1, share)))


def _refusal(request: SignedInRequest, pixel_steps: int) -> str:
    try:
        spending.check_share(request.user, pixel_steps)
    except Refused as refusal:
        return str(refusal)
    return ""
