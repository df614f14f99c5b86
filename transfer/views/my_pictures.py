"""The page of one's own pictures: what is being painted, and everything that has been."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpResponse, JsonResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts.http import SignedInRequest
from transfer import browsing
from transfer.browsing import Batch, Shown, Wanted
from transfer.easels import Easel, easels
from transfer.models import State
from transfer.models.jobs import UNFINISHED
from transfer.spending import percent_left

JOBS_PER_PAGE = 24
# Nobody has more unfinished jobs unless staff allows it; what does not fit follows when some have ended.
MOST_EASELS = 60
WITH_EASELS = (Shown.ALL, Shown.PAINTING)


@require_safe
@login_required
def jobs(request: SignedInRequest) -> HttpResponse:
    wanted = Wanted.asked(request.GET)
    own = browsing.own_jobs(request.user, wanted)
    page = Paginator(own.exclude(state__in=UNFINISHED), JOBS_PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "wanted": wanted,
        "counts": browsing.counts(request.user, wanted),
        "styles": browsing.styles_used(request.user),
        "easels": _easels(request, wanted) if page.number == 1 else [],
        "batches": _batches(request, wanted) if page.number == 1 else [],
        "page": page,
        "percent_left": percent_left(request.user),
    }
    response = render(request, "transfer/jobs.html", context)
    response["Cache-Control"] = "no-store"
    return response


@require_safe
@login_required
def jobs_progress(request: SignedInRequest) -> JsonResponse:
    """What has changed of all that the page shows on its easels, in one answer."""
    wanted = Wanted.asked(request.GET)
    response = JsonResponse(
        {
            "easels": {str(easel.job.pk): easel.changing() for easel in _easels(request, wanted)},
            "batches": {str(batch.id): batch.changing() for batch in _batches(request, wanted)},
        }
    )
    response["Cache-Control"] = "no-store"
    return response


def _easels(request: SignedInRequest, wanted: Wanted) -> list[Easel]:
    """Of a batch only what is running, unless it is looked at by itself: its card counts the others."""
    if wanted.shown not in WITH_EASELS:
        return []
    unfinished = browsing.own_jobs(request.user, wanted).filter(state__in=UNFINISHED)
    if not wanted.batch:
        unfinished = unfinished.exclude(state=State.QUEUED, batch__isnull=False)
    return easels(list(unfinished.order_by("created_at")[:MOST_EASELS]))


def _batches(request: SignedInRequest, wanted: Wanted) -> list[Batch]:
    if wanted.style or wanted.shown not in WITH_EASELS:
        return []
    return browsing.batches(request.user, wanted)
