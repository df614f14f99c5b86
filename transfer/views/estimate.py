"""What a painting would take, told while it is being chosen."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts.http import SignedInRequest
from transfer.engine import price
from transfer.errors import Refused
from transfer.forecasts import forecast_of
from transfer.forms import EstimateForm
from transfer.models import Job, Photo
from transfer.spending import check_share

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
    context: dict[str, Any] = {"forecast": forecast_of(request.user.pk, job.preset, steps, pixel_steps)}
    try:
        context["percent_left"] = check_share(request.user, pixel_steps)
    except Refused as refusal:
        context["refusal"] = refusal
    response = render(request, "transfer/_estimate.html", context)
    response["Cache-Control"] = "no-store"
    return response
