"""Suspended people look around and leave; what they send otherwise is not taken."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

SAFE = ("GET", "HEAD", "OPTIONS")
# Signing out, the account's own pages, objecting to the suspension, and the language. The API says no by itself, with a
# problem document.
STILL_TAKEN = ("/accounts/", "/notices/", "/i18n/", "/api/")


class Suspension:
    """Middleware, after authentication. The API's permissions turn away tokens and sessions alike."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.method in SAFE or request.path.startswith(STILL_TAKEN):
            return self.get_response(request)
        if request.user.is_authenticated and request.user.is_suspended:
            return render(request, "accounts/suspended.html", status=403)
        return self.get_response(request)
