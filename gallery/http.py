"""What a click on a work or an artist answers, to HTMX and without it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django_htmx.http import HttpResponseClientRedirect

from gallery.pace import check_pace
from transfer.errors import Refused


def acted(
    request: HttpRequest, back: str, act: Callable[[Any], None], show: Callable[[], HttpResponse] | None = None
) -> HttpResponse:
    """Let the signed-in person act, then go `back`, or to HTMX `show` what has changed."""
    if not request.user.is_authenticated:
        return _go(request, redirect_to_login(back).headers["Location"])
    try:
        check_pace(request.user)
        act(request.user)
    except Refused as refusal:
        messages.error(request, str(refusal))
        return _go(request, back)
    return show() if show and _is_htmx(request) else _go(request, back)


def _go(request: HttpRequest, address: str) -> HttpResponse:
    return HttpResponseClientRedirect(address) if _is_htmx(request) else redirect(address)


def _is_htmx(request: Any) -> bool:
    return bool(request.htmx)
