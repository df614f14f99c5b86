"""What holds for every page: health, headers, addresses."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from tests.factories import make_style

pytestmark = pytest.mark.django_db


def test_a_healthy_site_says_so(client: Client) -> None:
    response = client.get("/healthz")

    assert response.status_code == 200
    health = response.json()
    assert health["workers"] >= 0
    assert {name: health[name] for name in ("healthy", "database", "queue")} == {
        "healthy": True,
        "database": True,
        "queue": True,
    }


def test_a_site_without_its_queue_is_not_healthy(client: Client, monkeypatch: Any) -> None:
    monkeypatch.setattr("django_rq.settings.QUEUES", {"standard": {"URL": "redis://127.0.0.1:1/0"}})

    response = client.get("/healthz")

    assert response.status_code == 503
    assert response.json()["queue"] is False


@pytest.mark.parametrize("address", ["/", "/about/", "/accounts/login/", "/accounts/signup/", "/nowhere/"])
def test_every_page_forbids_foreign_and_inline_code(client: Client, address: str) -> None:
    response = client.get(address)

    policy = response.headers["Content-Security-Policy"]
    assert "default-src 'self'" in policy
    assert "unsafe" not in policy
    page = response.content.decode()
    assert " style=" not in page
    assert " onclick=" not in page
    assert "<script>" not in page


def test_an_address_that_does_not_exist_has_a_page_of_its_own(client: Client) -> None:
    response = client.get("/nowhere/")

    assert response.status_code == 404
    assert "css/site" in response.content.decode()


def test_the_page_speaks_the_visitors_language(client: Client) -> None:
    page = client.get("/", headers={"Accept-Language": "zh-CN"}).content.decode()

    assert '<html lang="zh-hans"' in page
    assert "画" in page


def test_the_language_can_be_chosen(client: Client) -> None:
    client.post("/i18n/setlang/", {"language": "zh-hans", "next": "/"})

    assert '<html lang="zh-hans"' in client.get("/").content.decode()


def test_the_admin_is_for_staff(as_ada: Client, client: Client) -> None:
    assert as_ada.get("/admin/").status_code == 302
    assert as_ada.get("/admin/queues/").status_code == 302


@pytest.mark.parametrize(
    "page",
    ["", "transfer/job/", "transfer/photo/", "transfer/style/", "gallery/artwork/", "gallery/collection/",
     "gallery/tag/", "accounts/user/", "queues/"],
)  # fmt: skip
def test_staff_see_every_admin_page(admin_client: Client, page: str) -> None:
    make_style()

    assert admin_client.get(f"/admin/{page}").status_code == 200
