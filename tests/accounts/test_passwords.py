"""A new password, and what becomes of the tokens that were made under the old one."""

from __future__ import annotations

from typing import Any

import pytest
from allauth.account.forms import default_token_generator
from allauth.account.utils import user_pk_to_url_str
from django.test import Client

from accounts.models import User
from tests.factories import PASSWORD
from tests.programs import make_token

PAGE = "/accounts/password/change/"
NEW = "ochre-and-lilac-43"

pytestmark = pytest.mark.django_db


@pytest.fixture
def signed_in(as_ada: Client) -> Client:
    """Ada, who has just typed her password again."""
    as_ada.post("/accounts/reauthenticate/", {"password": PASSWORD})
    return as_ada


def change(client: Client, **choices: str) -> Any:
    return client.post(PAGE, {"oldpassword": PASSWORD, "password1": NEW, "password2": NEW, **choices})


def test_the_tokens_are_revoked_with_the_old_password_where_that_is_left_ticked(ada: User, signed_in: Client) -> None:
    make_token(ada)
    assert "checked" in signed_in.get(PAGE).content.decode()

    assert change(signed_in, revoke_tokens="on").status_code == 302

    ada.refresh_from_db()
    assert ada.check_password(NEW)
    assert not ada.api_tokens.exists()


def test_the_tokens_last_where_somebody_wants_them_to(ada: User, signed_in: Client) -> None:
    make_token(ada)

    change(signed_in)

    ada.refresh_from_db()
    assert ada.check_password(NEW)
    assert ada.api_tokens.exists()


def test_whoever_has_no_tokens_is_not_asked(signed_in: Client) -> None:
    assert "API tokens too" not in signed_in.get(PAGE).content.decode()


def test_a_forgotten_password_asks_the_same(ada: User, client: Client) -> None:
    make_token(ada)
    key = default_token_generator.make_token(ada)
    link = f"/accounts/password/reset/key/{user_pk_to_url_str(ada)}-{key}/"
    form = client.get(link, follow=True)
    assert "API tokens too" in form.content.decode()

    client.post(form.request["PATH_INFO"], {"password1": NEW, "password2": NEW, "revoke_tokens": "on"})

    ada.refresh_from_db()
    assert ada.check_password(NEW)
    assert not ada.api_tokens.exists()
    assert "invalid" in client.get(link, follow=True).content.decode()
