"""The language that somebody reads the site in, for what is written to them when they are not there."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import translation

from accounts.models import User


def in_language_of(person: User) -> AbstractContextManager[None]:
    """Within it, texts are in the language that they read last; at first, in the site's."""
    return translation.override(person.language or settings.LANGUAGE_CODE)


class RememberLanguage:
    """Middleware, after authentication: keeps the language of each page that somebody is shown, where it is another
    one than before. It is what they have switched to, or else what their browser asks for."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if response.headers.get("Content-Type", "").startswith("text/html") and request.user.is_authenticated:
            _remember(request.user, request.LANGUAGE_CODE)
        return response


def _remember(person: User, language: str) -> None:
    if person.language != language:
        User.objects.filter(pk=person.pk).update(language=language)
