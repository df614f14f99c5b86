"""What the API's views have in common."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.http.response import HttpResponseBase
from rest_framework.exceptions import AuthenticationFailed, NotFound
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.views import APIView
from rest_framework.viewsets import GenericViewSet


class ApiViewSet(GenericViewSet):
    """Routes of one resource. Its queryset holds what the person may see, so that anything else is a 404."""

    looking_actions: Collection[str] = ()
    """Those that change nothing though they are posted: `read` suffices for them."""
    refusals: dict[str, Collection[int]] = {}
    """By action, the statuses with which its service may refuse."""
    http_method_names = ("get", "head", "post", "delete")

    def perform_authentication(self, request: Request) -> None:
        """Whoever tries tokens is counted like any stranger."""
        try:
            super().perform_authentication(request)
        except AuthenticationFailed:
            request.user = AnonymousUser()
            self.check_throttles(request)
            raise

    def finalize_response(self, request: Request, response: HttpResponseBase, *args: Any, **kwargs: Any) -> Any:
        """What is one person's alone is kept by no cache, unless the view says otherwise."""
        response.headers.setdefault("Cache-Control", "no-store")
        return super().finalize_response(request, response, *args, **kwargs)

    def permission_denied(self, request: Request, message: str | None = None, code: str | None = None) -> None:
        """Who may not come in is counted too."""
        self.check_throttles(request)
        super().permission_denied(request, message, code)


class Nowhere(APIView):
    """What no route of the API is at."""

    permission_classes = (AllowAny,)
    schema = None

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        self.check_throttles(request)
        raise NotFound
