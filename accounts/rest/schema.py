"""How the API describes itself (OpenAPI): who may come in, by which scope, and what can go wrong everywhere."""

from __future__ import annotations

from typing import Any

from django.utils.functional import Promise
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from drf_spectacular.openapi import AutoSchema

from accounts.models import Scope
from accounts.rest.permissions import HasScope, needed_scope
from accounts.rest.problems import MEDIA_TYPE, TITLES

PROBLEM = {
    "type": "object",
    "description": "What went wrong (RFC 9457).",
    "required": ["type", "title", "status", "code", "detail"],
    "properties": {
        "type": {"type": "string", "description": "Always `about:blank`; `code` tells problems apart."},
        "title": {"type": "string", "description": "The kind of problem, in the language that was asked for."},
        "status": {"type": "integer", "description": "The HTTP status."},
        "code": {"type": "string", "description": "The problem, for programs.", "example": "too_many_jobs"},
        "detail": {"type": "string", "description": "The problem, for people, in the language that was asked for."},
        "errors": {"type": "array", "items": {"$ref": "#/components/schemas/FieldError"}},
    },
}
FIELD_ERROR = {
    "type": "object",
    "description": "What is wrong with one field.",
    "required": ["field", "code", "detail"],
    "properties": {
        "field": {"type": "string", "description": "Its name; empty where the whole is meant."},
        "code": {"type": "string", "example": "required"},
        "detail": {"type": "string"},
    },
}
RETRY_AFTER = {
    "description": "Seconds after which to try again, where that is known.",
    "schema": {"type": "integer", "minimum": 0},
}
ANYWHERE = (406, 429, 500)
TO_STRANGERS = (401, 403)


class TokenScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]
    target_class = "accounts.rest.authentication.TokenAuthentication"
    name = "token"

    def get_security_definition(self, auto_schema: AutoSchema) -> dict[str, Any]:
        scopes = "; ".join(f"`{scope.value}`: {scope.label}" for scope in Scope)
        return {"type": "http", "scheme": "bearer", "description": f"An API token. Its scopes are {scopes}."}


class SiteScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]
    target_class = "accounts.rest.authentication.SiteAuthentication"
    name = "session"

    def get_security_definition(self, auto_schema: AutoSchema) -> dict[str, Any]:
        return {
            "type": "apiKey",
            "in": "cookie",
            "name": "sessionid",
            "description": "The site's own session; what changes something needs the header `X-CSRFToken` too.",
        }


class Described(AutoSchema):
    """Adds to each operation its name, its scope, and the problems it can end in."""

    def get_operation_id(self) -> str:
        action = getattr(self.view, "action", None)
        return f"{self.get_tags()[0]}_{action}" if action else super().get_operation_id()

    def get_operation(self, *args: Any, **kwargs: Any) -> dict[str, Any] | None:
        operation = super().get_operation(*args, **kwargs)
        if operation is not None:
            operation["description"] = self._with_scope(operation.get("description", ""))
            for status in sorted(self._problems(operation)):
                operation["responses"].setdefault(str(status), {"$ref": f"#/components/responses/Problem{status}"})
        return operation

    def _with_scope(self, description: str) -> str:
        if not self._asks_for_a_scope():
            return description
        return f"{description}\n\nA token needs the scope `{needed_scope(self.view, self.method).value}`.".strip()

    def _problems(self, operation: dict[str, Any]) -> set[int]:
        kinds = {parameter["in"] for parameter in operation.get("parameters", ())}
        has_body = "requestBody" in operation
        problems = {*ANYWHERE, *getattr(self.view, "refusals", {}).get(self.view.action, ())}
        problems |= set(TO_STRANGERS) if self._asks_for_a_scope() else set()
        problems |= {400} if has_body or kinds & {"query", "header"} else set()
        problems |= {413, 415} if has_body else set()
        return problems | ({404} if kinds & {"path", "query"} else set())

    def _asks_for_a_scope(self) -> bool:
        return any(isinstance(permission, HasScope) for permission in self.view.get_permissions())


def add_problems(result: dict[str, Any], **context: Any) -> dict[str, Any]:
    """A postprocessing hook: the problem document, and one response for each status that it comes with."""
    components = result["components"]
    components["schemas"] |= {"Problem": PROBLEM, "FieldError": FIELD_ERROR}
    components["responses"] = {f"Problem{status}": _response(status, title) for status, title in TITLES.items()}
    return result


def forbid_unknown_fields(result: dict[str, Any], **context: Any) -> dict[str, Any]:
    """A postprocessing hook: what is sent has the fields it is said to have and no others."""
    for name, schema in result["components"]["schemas"].items():
        if name.endswith("Request"):
            schema["additionalProperties"] = False
    return result


def _response(status: int, title: str | Promise) -> dict[str, Any]:
    content = {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}}
    response = {"description": str(title), "content": content}
    return response | ({"headers": {"Retry-After": RETRY_AFTER}} if status in (429, 503) else {})
