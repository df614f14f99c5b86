"""The studio's tour for who is here for the first time."""

from __future__ import annotations

import pytest
from django.test import Client

from accounts.models import User

pytestmark = pytest.mark.django_db

TOUR = "data-tour"


def test_a_newcomer_is_shown_the_studio_in_three_sentences(as_ada: Client) -> None:
    page = as_ada.get("/studio/").content.decode()

    assert TOUR in page
    assert page.count("data-points=") == 3


def test_once_skipped_it_is_gone_for_good(ada: User, as_ada: Client) -> None:
    response = as_ada.post("/accounts/tour/end/")

    assert response.headers["Location"] == "/studio/"
    assert TOUR not in as_ada.get("/studio/").content.decode()


def test_with_htmx_it_goes_without_a_page(as_ada: Client) -> None:
    response = as_ada.post("/accounts/tour/end/", headers={"HX-Request": "true"})

    assert response.status_code == 200
    assert response.content == b""
