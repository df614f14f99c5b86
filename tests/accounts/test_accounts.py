from __future__ import annotations

import re
from typing import Any

import pytest
from django.core import mail
from django.test import Client

from accounts.models import User
from tests.factories import PASSWORD

pytestmark = pytest.mark.django_db


def sign_up(client: Client, name: str = "clara", **changes: str) -> Any:
    fields = {"username": name, "email": f"{name}@example.org", "password1": PASSWORD}
    return client.post("/accounts/signup/", fields | changes)


def link_in_mail() -> str:
    found = re.search(r"https?://[^/\s]+(/accounts/\S+)", str(mail.outbox[-1].body))
    assert found
    return found[1]


def test_signing_up_leads_straight_to_the_studio(client: Client) -> None:
    assert sign_up(client).headers["Location"] == "/studio/"
    assert client.get("/studio/").status_code == 200


def test_the_address_is_verified_by_the_link_in_the_mail(client: Client) -> None:
    sign_up(client)
    link = link_in_mail()

    client.post(link)

    assert User.objects.get().emailaddress_set.get().verified


def test_with_a_mail_server_the_address_must_be_verified_first(client: Client, settings: Any) -> None:
    settings.ACCOUNT_EMAIL_VERIFICATION = "mandatory"

    sign_up(client)

    assert client.get("/studio/").status_code == 302


@pytest.mark.parametrize("login", ["ada", "ada@example.org"])
def test_one_signs_in_by_name_or_address(client: Client, ada: User, login: str) -> None:
    client.post("/accounts/login/", {"login": login, "password": PASSWORD})

    assert client.get("/studio/").status_code == 200


def test_a_wrong_password_does_not_sign_in(client: Client, ada: User) -> None:
    client.post("/accounts/login/", {"login": "ada", "password": "guess"})

    assert client.get("/studio/").status_code == 302


def test_signing_out_needs_a_post_and_ends_the_session(as_ada: Client) -> None:
    as_ada.get("/accounts/logout/")
    assert as_ada.get("/studio/").status_code == 200

    as_ada.post("/accounts/logout/")
    assert as_ada.get("/studio/").status_code == 302


def test_a_forgotten_password_is_reset_by_mail(client: Client, ada: User) -> None:
    client.post("/accounts/password/reset/", {"email": "ada@example.org"})
    form = client.get(link_in_mail(), follow=True)
    client.post(form.redirect_chain[-1][0], {"password1": "teal-and-umber-77", "password2": "teal-and-umber-77"})

    assert client.login(username="ada", password="teal-and-umber-77")


def test_an_address_belongs_to_one_account(client: Client, ada: User) -> None:
    sign_up(client, "impostor", email="ada@example.org")

    assert not User.objects.filter(username="impostor").exists()


def test_a_weak_password_is_refused(client: Client) -> None:
    assert sign_up(client, password1="password").status_code == 200
    assert not User.objects.exists()


@pytest.mark.parametrize("name", ["admin", "stylesite"])
def test_names_of_the_house_are_not_taken(client: Client, name: str) -> None:
    sign_up(client, name)

    assert not User.objects.exists()


@pytest.mark.parametrize(
    "page",
    [
        "login/",
        "signup/",
        "password/reset/",
        "password/reset/done/",
        "confirm-email/",
        "inactive/",
        "password/reset/key/done/",
    ],
)
def test_a_strangers_account_pages_wear_the_sites_own_look(client: Client, page: str) -> None:
    content = client.get(f"/accounts/{page}").content.decode()

    assert "css/site" in content
    assert "<h1" in content


@pytest.mark.parametrize(
    "page", ["email/", "password/change/", "logout/", "2fa/", "sessions/", "data/", "delete/", "tokens/", "webhooks/"]
)
def test_a_members_account_pages_wear_the_sites_own_look(as_ada: Client, page: str) -> None:
    response = as_ada.get(f"/accounts/{page}", follow=True)

    assert "css/site" in response.content.decode()
