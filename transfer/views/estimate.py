"""What a painting would take, told while it is being chosen."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts.http import SignedInRequest
from transfer import estimates
from transfer.forms import EstimateForm
from transfer.models import Photo
from transfer.sample_photos import SamplePhoto


@require_safe
@login_required
def estimate(request: SignedInRequest) -> HttpResponse:
    """When a painting would be ready, and what it would leave of the day's share; nothing where the choice is none."""
    form = EstimateForm(request.GET, user=request.user)
    if not form.is_valid():
        return HttpResponse()
    chosen = form.cleaned_data
    found = estimates.estimate(owner=request.user, photo=_shape(chosen["photo"]), **_finish(chosen))
    context = {"forecast": found.forecast, "percent_left": found.percent_left, "refusal": found.refusal}
    response = render(request, "transfer/_estimate.html", context)
    response["Cache-Control"] = "no-store"
    return response


def _finish(chosen: dict[str, Any]) -> dict[str, Any]:
    return {field: chosen[field] for field in ("preset", "size")}


def _shape(photo: Photo | SamplePhoto | None) -> Photo | None:
    """A photo of the sample's proportions, which its owner need not have yet."""
    if not isinstance(photo, SamplePhoto):
        return photo
    width, height = photo.size
    return Photo(width=width, height=height)
