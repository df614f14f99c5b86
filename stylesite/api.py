"""The API's addresses, its description, and its errors where no view of it was reached."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import include, path, re_path
from django.utils import translation
from django.views import defaults
from django.views.generic import TemplateView
from drf_spectacular.views import SpectacularJSONAPIView
from rest_framework.permissions import AllowAny
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request

from accounts.rest import problems
from accounts.rest.views import Nowhere

OPENAPI = "application/vnd.oai.openapi+json"


class Schema(SpectacularJSONAPIView):
    """The OpenAPI document, which is in English like every text for programmers."""

    authentication_classes = ()
    permission_classes = (AllowAny,)
    schema = None

    def get(self, request: Request, *args: Any, **kwargs: Any) -> HttpResponse:
        with translation.override("en"):
            response = super().get(request, *args, **kwargs)  # type: ignore[no-untyped-call]
            return HttpResponse(JSONRenderer().render(response.data), content_type=OPENAPI)


urlpatterns = [
    path("", include("accounts.api")),
    path("", include("transfer.api.urls")),
    path("", include("gallery.api")),
    path("schema/", Schema.as_view(), name="schema"),
    path("docs/", TemplateView.as_view(template_name="api_docs.html"), name="docs"),
    re_path("", Nowhere.as_view(), name="nowhere"),
]


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    return (
        problems.plain(400).response()
        if problems.is_for_programs(request)
        else defaults.bad_request(request, exception)
    )


def page_not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    if problems.is_for_programs(request):
        return problems.plain(404).response()
    return defaults.page_not_found(request, exception)


def server_error(request: HttpRequest, *arguments: Any) -> HttpResponse:
    return problems.plain(500).response() if problems.is_for_programs(request) else defaults.server_error(request)
