"""Programs that use the API with a token."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from django.test import Client

from accounts.models import Scope, User
from accounts.tokens import create_token

API = "/api/v1"


def make_token(owner: User, scopes: Collection[str] = (Scope.READ, Scope.WRITE), **options: Any) -> str:
    """The secret of a new token."""
    return create_token(user=owner, name="a script", scopes=scopes, **options)[1]


def program_of(owner: User, scopes: Collection[str] = (Scope.READ, Scope.WRITE)) -> Client:
    """A client that sends a token of its owner's with every request."""
    return with_secret(make_token(owner, scopes))


def with_secret(secret: str) -> Client:
    return Client(headers={"Authorization": f"Bearer {secret}"}, enforce_csrf_checks=True)


def assert_problem(response: Any, status: int, code: str) -> dict[str, Any]:
    """The problem document that the response must be."""
    assert response.status_code == status, response.content
    assert response.headers["Content-Type"] == "application/problem+json"
    problem: dict[str, Any] = response.json()
    assert (problem["status"], problem["code"]) == (status, code)
    assert problem["title"]
    assert problem["detail"]
    return problem
