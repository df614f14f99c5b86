"""What a painting would take, told while it is being chosen."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts.http import SignedInRequest
from transfer import estimates
from transfer.forms import EstimateForm


@require_safe
@login_required
def estimate(request: SignedInRequest) -> HttpResponse:
    """When a painting would be ready, and what it would leave of the day's share; nothing where the choice is none."""
    form = EstimateForm(request.GET, user=request.user)
    if not form.is_valid():
        return HttpResponse()
    chosen = {field: form.cleaned_data[field] for field in ("photo", "preset", "size")}
    found = estimates.estimate(owner=request.user, **chosen)
    context = {"forecast": found.forecast, "percent_left": found.percent_left, "refusal": found.refusal}
    response = render(request, "transfer/_estimate.html", context)
    response["Cache-Control"] = "no-store"
    return response
