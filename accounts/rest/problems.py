"""Every error of the API as a problem document (RFC 9457)."""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any

from django.core.exceptions import PermissionDenied, RequestDataTooBig, SuspiciousOperation
from django.core.signals import got_request_exception
from django.http import Http404, HttpRequest, JsonResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from rest_framework import exceptions

from accounts.errors import Refused

logger = logging.getLogger(__name__)

MEDIA_TYPE = "application/problem+json"
TITLES = {
    400: gettext_lazy("The request is not valid"),
    401: gettext_lazy("Nobody is signed in"),
    403: gettext_lazy("This is not allowed"),
    404: gettext_lazy("There is no such thing"),
    405: gettext_lazy("This method is not offered here"),
    406: gettext_lazy("This media type is not offered here"),
    409: gettext_lazy("This does not fit the present state"),
    413: gettext_lazy("The request is too large"),
    415: gettext_lazy("This media type is not taken here"),
    422: gettext_lazy("The request contradicts an earlier one"),
    429: gettext_lazy("Too much at once"),
    500: gettext_lazy("Something went wrong on our side"),
    503: gettext_lazy("The site is busy"),
}
CODES = {404: "not_found", 403: "permission_denied", 413: "too_large", 400: "bad_request", 500: "server_error"}
# Where a serializer puts what is wrong with the whole of its input.
WHOLE = "non_field_errors"


@dataclass(frozen=True)
class Problem:
    """What went wrong: `code` for programs, `detail` for people, and `errors` field by field."""

    status: int
    code: str
    detail: str
    errors: list[dict[str, str]] = field(default_factory=list)
    headers: Mapping[str, str] = field(default_factory=dict)

    def document(self) -> dict[str, Any]:
        title = TITLES.get(self.status) or HTTPStatus(self.status).phrase
        document = {"type": "about:blank", "title": str(title), "status": self.status}
        document |= {"code": self.code, "detail": self.detail}
        return document | ({"errors": self.errors} if self.errors else {})

    def response(self) -> JsonResponse:
        return JsonResponse(
            self.document(),
            json_dumps_params={"ensure_ascii": False},
            status=self.status,
            content_type=MEDIA_TYPE,
            headers=dict(self.headers),
        )


def handle(error: Exception, context: Mapping[str, Any]) -> JsonResponse:
    """REST framework's `EXCEPTION_HANDLER`. What nobody has thought of is logged, and told to nobody."""
    problem = _problem_of(error)
    if problem.status == HTTPStatus.INTERNAL_SERVER_ERROR:
        request = context["request"]
        logger.error("%s %s failed", request.method, request.path, exc_info=error)
        got_request_exception.send(sender=None, request=request)
    return problem.response()


def is_for_programs(request: HttpRequest) -> bool:
    return request.path.startswith("/api/")


def plain(status: int) -> Problem:
    """Of what never came to a view."""
    return Problem(status, CODES[status], str(TITLES[status]))


def refusal(refused: Refused) -> Problem:
    headers = {} if refused.retry_after is None else {"Retry-After": str(refused.retry_after)}
    return Problem(refused.status, code_of(refused), str(refused), headers=headers)


def code_of(refused: Refused) -> str:
    """`TooManyJobs` is `too_many_jobs`."""
    return re.sub(r"(?<!^)(?=[A-Z])", "_", type(refused).__name__).lower()


def _problem_of(error: Exception) -> Problem:
    match error:
        case Refused():
            return refusal(error)
        case exceptions.ValidationError():
            errors = list(_flat(error.get_full_details()))
            return Problem(400, "invalid", _("Some of what was sent is not valid."), errors)
        case exceptions.APIException():
            return _of_rest_framework(error)
        case Http404():
            return plain(404)
        case PermissionDenied():
            return plain(403)
        case RequestDataTooBig():
            return plain(413)
        case SuspiciousOperation():
            return plain(400)
    return plain(500)


def _of_rest_framework(error: exceptions.APIException) -> Problem:
    headers = {}
    if wait := getattr(error, "wait", None):
        headers["Retry-After"] = f"{max(1, round(wait + 0.5))}"
    if auth_header := getattr(error, "auth_header", None):
        headers["WWW-Authenticate"] = auth_header
    return Problem(error.status_code, str(error.get_codes()), str(error.detail), headers=headers)


def _flat(details: Any, name: str = "") -> Iterator[dict[str, str]]:
    """The tree of what is wrong as a list, each with the dotted name of its field."""
    match details:
        case {"message": message, "code": code}:
            yield {"field": name, "code": str(code), "detail": str(message)}
        case list():
            for item in details:
                yield from _flat(item, name)
        case dict():
            for key, item in details.items():
                yield from _flat(item, name if key == WHOLE else f"{name}.{key}".lstrip("."))
