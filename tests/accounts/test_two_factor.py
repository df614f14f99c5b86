"""Two-factor sign-in, and where one is signed in."""

from __future__ import annotations

import re
import time
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.test import Client

from accounts.models import User
from tests.factories import PASSWORD

pytestmark = pytest.mark.django_db


def sign_in(client: Client, name: str = "ada") -> Any:
    return client.post("/accounts/login/", {"login": name, "password": PASSWORD})


def code_of(secret: str, periods_ago: int = 0) -> str:
    return format_hotp_value(hotp_value(secret, int(time.time()) // 30 - periods_ago))


@pytest.fixture
def secret(client: Client, ada: User) -> str:
    """Ada's, who has activated an authenticator app and signed out again."""
    sign_in(client)
    client.post("/accounts/reauthenticate/", {"password": PASSWORD})
    page = client.get("/accounts/2fa/totp/activate/").content.decode()
    found = re.search(r'value="([A-Z2-7]{32})"', page)
    assert found
    client.post("/accounts/2fa/totp/activate/", {"code": code_of(found[1], periods_ago=1)})
    client.logout()
    return found[1]


def test_with_an_app_the_password_alone_does_not_sign_in(client: Client, secret: str) -> None:
    assert sign_in(client).headers["Location"] == "/accounts/2fa/authenticate/"
    assert client.get("/studio/").status_code == 302

    client.post("/accounts/2fa/authenticate/", {"code": code_of(secret)})

    assert client.get("/studio/").status_code == 200


def test_a_wrong_code_does_not_sign_in(client: Client, secret: str) -> None:
    sign_in(client)

    client.post("/accounts/2fa/authenticate/", {"code": "000000"})

    assert client.get("/studio/").status_code == 302


def test_a_recovery_code_takes_the_place_of_the_app_once(client: Client, ada: User, secret: str) -> None:
    codes = Authenticator.objects.get(user=ada, type="recovery_codes").wrap().get_unused_codes()
    for expected in (200, 302):
        sign_in(client)
        client.post("/accounts/2fa/authenticate/", {"code": codes[0]})
        assert client.get("/studio/").status_code == expected
        client.logout()


def test_the_admin_asks_for_the_code_too(client: Client, ada: User, secret: str) -> None:
    User.objects.update(is_staff=True, is_superuser=True)

    assert client.get("/admin/login/?next=/admin/").headers["Location"].startswith("/accounts/login/?next=")
    sign_in(client)

    assert client.get("/admin/", follow=True).redirect_chain[-1][0].startswith("/accounts/")


def test_the_secret_is_not_readable_in_the_database(secret: str) -> None:
    assert secret not in str(Authenticator.objects.get(type="totp").data)


def test_other_places_can_be_signed_out(client: Client, ada: User) -> None:
    elsewhere = Client()
    sign_in(elsewhere)
    sign_in(client)
    assert client.get("/accounts/sessions/").content.decode().count("<time") == 2

    client.post("/accounts/sessions/")

    assert elsewhere.get("/studio/").status_code == 302
    assert client.get("/studio/").status_code == 200
