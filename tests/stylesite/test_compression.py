"""What is sent compressed to a browser that can unpack it, and what is not."""

from __future__ import annotations

import gzip

import pytest
from django.test import Client

from accounts.models import User
from tests.factories import make_finished_job

pytestmark = pytest.mark.django_db

UNPACKS = {"Accept-Encoding": "gzip, br"}


@pytest.mark.parametrize("address", ["/", "/feeds/works/", "/api/v1/schema/"])
def test_pages_feeds_and_answers_are_compressed(as_ada: Client, address: str) -> None:
    packed = as_ada.get(address, headers=UNPACKS)

    assert packed.headers["Content-Encoding"] == "gzip"
    assert "Accept-Encoding" in packed.headers["Vary"]
    assert len(packed.content) < len(gzip.decompress(packed.content))


def test_a_browser_that_cannot_unpack_gets_the_page_as_it_is(client: Client) -> None:
    page = client.get("/")

    assert "Content-Encoding" not in page.headers
    assert "Accept-Encoding" in page.headers["Vary"]
    assert page.content.startswith(b"<!doctype html>")


def test_a_picture_is_sent_as_it_is(as_ada: Client, ada: User) -> None:
    picture = as_ada.get(make_finished_job(ada).image_url, headers=UNPACKS)

    assert picture.status_code == 200
    assert "Content-Encoding" not in picture.headers
