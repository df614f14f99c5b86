"""Compresses pages and API answers on their way to a browser. Files and event streams go as they are."""

from __future__ import annotations

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.middleware.gzip import GZipMiddleware

COMPRESSED = (
    "text/",
    "application/json",
    "application/problem+json",
    "application/vnd.oai.openapi",
    "application/atom+xml",
    "application/xml",
)


class CompressText(GZipMiddleware):
    """Django's, which also guards secrets in pages against being guessed from their compressed lengths (BREACH), for
    whole answers of text alone: a picture would not become smaller, and an event would be held back."""

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        if response.streaming or not response.headers.get("Content-Type", "").startswith(COMPRESSED):
            return response
        return super().process_response(request, response)
