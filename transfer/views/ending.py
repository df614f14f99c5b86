"""For pages that are open while something is painted: what has ended meanwhile."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, JsonResponse
from django.utils import timezone
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from accounts.http import SignedInRequest
from transfer.models import Job, State
from transfer.models.jobs import UNFINISHED

TOLD_AT_ONCE = 10


@require_safe
@login_required
@never_cache
def ended(request: SignedInRequest) -> JsonResponse:
    """Which of one's jobs have ended since `since` (seconds since 1970), and whether there is more to wait for."""
    now = timezone.now()
    own = Job.objects.filter(owner=request.user)
    told = own.filter(finished_at__gte=_moment(request.GET.get("since", ""), now), state__in=_SENTENCES)
    return JsonResponse(
        {
            "now": int(now.timestamp()),
            "under_way": own.filter(state__in=UNFINISHED).exists(),
            "ended": [_told(job) for job in told.select_related("style").order_by("-finished_at")[:TOLD_AT_ONCE]],
        }
    )


def work_under_way(request: HttpRequest) -> dict[str, Any]:
    """For every page's frame: whether the visitor waits for something; looked up only where it is asked."""
    return {"has_work_under_way": SimpleLazyObject(lambda: _is_waiting(request))}


def _is_waiting(request: HttpRequest) -> bool:
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return False
    return Job.objects.filter(owner=user, state__in=UNFINISHED).exists()


_SENTENCES = {
    State.SUCCEEDED: lambda style: _("“%(style)s” is finished: look at it.") % {"style": style},
    State.FAILED: lambda style: _("“%(style)s” has failed: see why.") % {"style": style},
}


def _told(job: Job) -> dict[str, str]:
    text = _SENTENCES[State(job.state)](job.style.display_name)
    return {"job": str(job.pk), "state": job.state, "text": text, "address": job.get_absolute_url()}


def _moment(seconds: str, otherwise: datetime) -> datetime:
    try:
        return datetime.fromtimestamp(int(seconds), UTC)
    except (ValueError, OverflowError, OSError):
        return otherwise
