"""Two-factor sign-in, and where one is signed in."""

from __future__ import annotations

import re
import time
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.core.mail import EmailMessage
from django.test import Client, TestCase

from accounts.models import User
from tests.factories import PASSWORD

ON_A_PHONE = (
    "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) "
    "Version/17.5 Mobile/15E148 Safari/604.1"
)

pytestmark = pytest.mark.django_db


def sign_in(client: Client, name: str = "ada") -> Any:
    return client.post("/accounts/login/", {"login": name, "password": PASSWORD})


def code_of(secret: str, periods_ago: int = 0) -> str:
    return format_hotp_value(hotp_value(secret, int(time.time()) // 30 - periods_ago))


def act_on(staff: Client, person: User, action: str) -> str:
    """What staff are shown who chose `action` for a person in the admin's list."""
    chosen = {"action": action, "_selected_action": [person.pk]}
    return staff.post("/admin/accounts/user/", chosen, follow=True).content.decode()


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


def test_staff_turn_it_off_for_who_has_lost_it_and_tell_them(
    admin_client: Client, client: Client, ada: User, secret: str, mailoutbox: list[EmailMessage]
) -> None:
    with TestCase.captureOnCommitCallbacks(execute=True):
        page = act_on(admin_client, ada, "turn_off_codes")

    assert "turned off for 1 person" in page
    assert (
        "Two-factor sign-in turned off" in admin_client.get(f"/admin/accounts/user/{ada.pk}/history/").content.decode()
    )
    assert [letter.to for letter in mailoutbox] == [[ada.email]]
    assert "/accounts/2fa/" in mailoutbox[0].body
    sign_in(client)
    assert client.get("/studio/").status_code == 200


def test_nobody_is_told_where_there_was_nothing_to_turn_off(
    admin_client: Client, ada: User, mailoutbox: list[EmailMessage]
) -> None:
    with TestCase.captureOnCommitCallbacks(execute=True):
        page = act_on(admin_client, ada, "turn_off_codes")

    assert "turned off for 0 people" in page
    assert not mailoutbox


def test_staff_sign_somebody_out_everywhere(admin_client: Client, client: Client, ada: User) -> None:
    sign_in(client)

    act_on(admin_client, ada, "sign_out")

    assert client.get("/studio/").status_code == 302
    assert admin_client.get("/admin/").status_code == 200


@pytest.mark.parametrize("page", ["mfa/authenticator/", "usersessions/usersession/"])
def test_how_people_sign_in_is_not_laid_open_to_staff(admin_client: Client, page: str) -> None:
    assert admin_client.get(f"/admin/{page}").status_code == 404


def test_the_secret_is_not_readable_in_the_database(secret: str) -> None:
    assert secret not in str(Authenticator.objects.get(type="totp").data)


def test_places_are_named_by_their_browser_and_system(ada: User) -> None:
    phone = Client(headers={"User-Agent": ON_A_PHONE})
    sign_in(phone)
    unknown = Client(headers={"User-Agent": "Teapot <3>"})
    sign_in(unknown)

    page = unknown.get("/accounts/sessions/").content.decode()

    assert "Mobile Safari · iOS" in page
    assert "Teapot &lt;3&gt;" in page


def test_one_place_is_signed_out_by_its_person_alone(client: Client, ada: User, as_bob: Client) -> None:
    elsewhere = Client(headers={"User-Agent": ON_A_PHONE})
    sign_in(elsewhere)
    sign_in(client)
    page = client.get("/accounts/sessions/").content.decode()
    # The present one first, and no button beside it: for that there is “Sign out” in the menu.
    assert page.index("This device") < page.index("Mobile Safari")
    (address,) = re.findall(r"/accounts/sessions/\d+/end/", page)

    assert as_bob.post(address).status_code == 404
    assert elsewhere.get("/studio/").status_code == 200
    client.post(address)

    assert elsewhere.get("/studio/").status_code == 302
    assert client.get("/studio/").status_code == 200


def test_other_places_can_be_signed_out(client: Client, ada: User) -> None:
    elsewhere = Client()
    sign_in(elsewhere)
    sign_in(client)
    assert client.get("/accounts/sessions/").content.decode().count("<time") == 2

    client.post("/accounts/sessions/")

    assert elsewhere.get("/studio/").status_code == 302
    assert client.get("/studio/").status_code == 200
