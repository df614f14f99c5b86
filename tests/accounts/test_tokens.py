"""API tokens: how people make and revoke them, and what a program may do with one."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from accounts import tokens
from accounts.errors import TooManyTokens
from accounts.models import ApiToken, Scope, User
from accounts.tokens import create_token, token_of
from tests.factories import PASSWORD
from tests.programs import API, assert_problem, make_token, program_of, with_secret


@pytest.fixture
def signed_in(as_ada: Client) -> Client:
    """Ada, who has just typed her password again."""
    as_ada.post("/accounts/reauthenticate/", {"password": PASSWORD})
    return as_ada


def make(client: Client, **changes: Any) -> Any:
    form = {"name": "backup", "scopes": ["read"], "expires_at": "30"}
    return client.post("/accounts/tokens/new/", form | changes)


def test_a_token_is_shown_once_and_kept_as_a_digest(signed_in: Client, ada: User) -> None:
    page = make(signed_in)

    assert page.status_code == 201
    assert "no-store" in page.headers["Cache-Control"]
    secret = re.findall(r'value="(stylesite_[\w-]{43})"', page.content.decode())[0]
    token = ada.api_tokens.get()
    assert secret not in str(vars(token))
    assert token.start == secret[:14]
    assert secret not in signed_in.get("/accounts/tokens/").content.decode()
    assert token_of(secret) == token


def test_a_token_has_the_scopes_and_the_lifetime_that_were_chosen(signed_in: Client, ada: User) -> None:
    make(signed_in)
    make(signed_in, name="for ever", scopes=["read", "write"], expires_at="")

    forever, monthly = ada.api_tokens.all()
    assert (monthly.scopes, forever.scopes) == (["read"], ["read", "write"])
    assert monthly.expires_at
    assert timedelta(days=29) < monthly.expires_at - timezone.now() <= timedelta(days=30)
    assert forever.expires_at is None


@pytest.mark.parametrize("wrong", [{"name": ""}, {"scopes": []}, {"scopes": ["admin"]}, {"expires_at": "9999"}])
def test_a_form_that_is_not_valid_makes_no_token(signed_in: Client, wrong: dict[str, Any]) -> None:
    assert make(signed_in, **wrong).status_code == 422
    assert not ApiToken.objects.exists()


def test_whoever_signed_in_long_ago_types_the_password_again_before_making_one(as_ada: Client) -> None:
    response = make(as_ada)

    assert response.status_code == 302
    assert response.headers["Location"].startswith("/accounts/reauthenticate/")
    assert not ApiToken.objects.exists()


def test_a_revoked_token_is_refused_at_once(as_ada: Client, ada: User) -> None:
    program = program_of(ada)
    assert program.get(f"{API}/me/").status_code == 200

    as_ada.post(f"/accounts/tokens/{ada.api_tokens.get().pk}/revoke/")

    assert_problem(program.get(f"{API}/me/"), 401, "authentication_failed")


def test_nobody_revokes_someone_elses_token(as_bob: Client, ada: User) -> None:
    make_token(ada)

    assert as_bob.post(f"/accounts/tokens/{ada.api_tokens.get().pk}/revoke/").status_code == 404
    assert ada.api_tokens.exists()


def test_an_account_has_a_limited_number_of_tokens(ada: User, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tokens, "TOKENS_MAX", 1)
    make_token(ada)

    with pytest.raises(TooManyTokens):
        make_token(ada)


def test_an_expired_token_is_refused(ada: User) -> None:
    secret = make_token(ada, expires_at=timezone.now() - timedelta(seconds=1))

    assert_problem(with_secret(secret).get(f"{API}/me/"), 401, "authentication_failed")


def test_the_token_of_a_blocked_account_is_refused(ada: User) -> None:
    program = program_of(ada)
    User.objects.update(is_active=False)

    assert_problem(program.get(f"{API}/me/"), 401, "authentication_failed")


def test_a_suspended_account_reads_on_and_changes_nothing_by_token_or_session(ada: User, as_ada: Client) -> None:
    User.objects.update(suspended_at=timezone.now())

    for program in (program_of(ada), as_ada):
        assert program.get(f"{API}/jobs/").status_code == 200
        assert_problem(program.post(f"{API}/jobs/", {}, content_type="application/json"), 403, "suspended")


@pytest.mark.parametrize("secret", ["", "stylesite_guess", "ÿ", "a b"])
def test_a_guess_is_refused_and_told_how_to_come_in(db: None, secret: str) -> None:
    response = with_secret(secret).get(f"{API}/me/")

    assert_problem(response, 401, "authentication_failed")
    assert response.headers["WWW-Authenticate"].startswith("Bearer")


def test_reading_does_not_allow_writing(ada: User) -> None:
    reader = program_of(ada, [Scope.READ])

    assert reader.get(f"{API}/jobs/").status_code == 200
    assert_problem(reader.post(f"{API}/jobs/", {}, content_type="application/json"), 403, "scope")


def test_writing_does_not_allow_reading(ada: User) -> None:
    assert_problem(program_of(ada, [Scope.WRITE]).get(f"{API}/jobs/"), 403, "scope")


def test_the_last_use_is_noted_once_a_minute(ada: User, django_assert_num_queries: Any) -> None:
    _, secret = create_token(user=ada, name="a script", scopes=[Scope.READ])
    program = with_secret(secret)
    program.get(f"{API}/generators/")
    first = ApiToken.objects.get().last_used_at
    assert first

    with django_assert_num_queries(2):
        program.get(f"{API}/generators/")

    assert ApiToken.objects.get().last_used_at == first
    ApiToken.objects.update(last_used_at=first - timedelta(minutes=2))
    program.get(f"{API}/generators/")
    later = ApiToken.objects.get().last_used_at
    assert later
    assert later >= first


def test_the_accounts_pages_lead_to_the_tokens(as_ada: Client) -> None:
    assert 'href="/profile/"' in as_ada.get("/studio/").content.decode()
    assert 'href="/accounts/tokens/"' in as_ada.get("/profile/").content.decode()
    assert 'aria-current="page"' in as_ada.get("/accounts/tokens/").content.decode()


def test_staff_see_tokens_and_can_take_one_away_but_not_make_or_change_one(admin_client: Client, ada: User) -> None:
    make_token(ada)
    token = ada.api_tokens.get()

    assert token.start in admin_client.get("/admin/accounts/apitoken/").content.decode()
    assert admin_client.get("/admin/accounts/apitoken/add/").status_code == 403
    admin_client.post(f"/admin/accounts/apitoken/{token.pk}/delete/", {"post": "yes"})
    assert not ApiToken.objects.exists()
