"""The style guide shows what there is, to those who make the site."""

from __future__ import annotations

import re

import pytest
from django.test import Client

from accounts.models import User
from stylesite.styleguide import TOKENS, tokens
from tests.factories import make_artwork

pytestmark = pytest.mark.django_db

COMPONENTS = ["button", "field", "card", "dialog", "toast", "tabs", "progress", "empty", "pages", "avatar"]


def test_staff_find_the_style_guide_and_others_do_not(admin_client: Client, as_ada: Client, client: Client) -> None:
    assert admin_client.get("/styleguide/").status_code == 200
    assert as_ada.get("/styleguide/").status_code == 404
    assert client.get("/styleguide/").status_code == 404


def test_it_shows_every_token_of_the_stylesheet(admin_client: Client) -> None:
    defined = set(re.findall(r"^ {4}--([\w-]+):", TOKENS.read_text(), re.MULTILINE))

    page = admin_client.get("/styleguide/").content.decode()

    assert {token.name for token in tokens()} == defined
    assert set(re.findall(r'data-token="([\w-]+)"', page)) == defined


@pytest.mark.parametrize("component", COMPONENTS)
def test_it_shows_each_component(admin_client: Client, component: str) -> None:
    assert f'id="{component}"' in admin_client.get("/styleguide/").content.decode()


def test_colours_are_shown_by_day_and_by_night(admin_client: Client) -> None:
    page = admin_client.get("/styleguide/").content.decode()

    assert page.count('data-token="accent" data-shown-by="background"') == 2


def test_its_card_is_a_work_from_the_wall(admin_client: Client, ada: User) -> None:
    make_artwork(ada, title="Harbour at dusk")

    assert "Harbour at dusk</a>" in admin_client.get("/styleguide/").content.decode()
