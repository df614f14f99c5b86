"""What one may do here, and how much of it one has done."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from accounts.http import SignedInRequest
from transfer.usage import Usage, allowed_to, stored_bytes, used_by

COUNTED: dict[str, Promise] = {
    "unfinished_jobs": _("Pictures waiting or being painted"),
    "running_jobs": _("Pictures painted at the same time"),
    "uploads": _("Photos and styles uploaded within the last hour"),
}


@require_safe
@login_required
def quota(request: SignedInRequest) -> HttpResponse:
    used, allowed = used_by(request.user), allowed_to(request.user)
    context = {
        "share": _percent(used.pixel_steps, allowed.pixel_steps),
        "limits": [_limit(name, label, used, allowed) for name, label in COUNTED.items()],
        "stored_bytes": stored_bytes(request.user),
        "unused_photo_days": settings.UNUSED_PHOTO_DAYS,
    }
    return render(request, "transfer/quota.html", context)


def _limit(name: str, label: Promise, used: Usage, allowed: Usage) -> dict[str, Any]:
    return {"name": name, "label": label, "used": getattr(used, name), "allowed": getattr(allowed, name)}


def _percent(used: int, allowed: int) -> int:
    """Rounded up, so that whoever has begun sees that they have."""
    return min(100, -(-100 * used // max(1, allowed)))
