"""What HTTP says of a refusal."""

from __future__ import annotations

from django.http import HttpResponse

from transfer.errors import Refused


def with_retry_after(response: HttpResponse, refusal: Refused) -> HttpResponse:
    if refusal.retry_after is not None:
        response["Retry-After"] = str(refusal.retry_after)
    return response
