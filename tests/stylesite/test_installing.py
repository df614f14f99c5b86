"""The site as an application on a phone."""

from __future__ import annotations

import pytest
from django.contrib.staticfiles import finders
from django.test import Client
from PIL import Image

from stylesite.icons import ICONS, drawn

MANIFEST = "/manifest.webmanifest"

pytestmark = pytest.mark.django_db


def test_the_manifest_is_served_as_what_it_is(client: Client) -> None:
    response = client.get(MANIFEST)

    assert response.headers["Content-Type"] == "application/manifest+json"
    assert response.json()["display"] == "standalone"
    assert client.get(response.json()["start_url"], follow=True).status_code == 200


def test_the_manifest_speaks_the_visitors_language(client: Client) -> None:
    manifest = client.get(MANIFEST, headers={"Accept-Language": "zh-CN"}).json()

    assert manifest["lang"] == "zh-hans"
    assert "画" in manifest["description"]


def test_every_icon_it_names_is_there_in_its_size(client: Client) -> None:
    icons = client.get(MANIFEST).json()["icons"]

    assert {icon["sizes"] for icon in icons} == {"192x192", "512x512"}
    assert [icon for icon in icons if icon.get("purpose") == "maskable"]
    for icon in icons:
        with Image.open(str(finders.find(icon["src"].removeprefix("/static/")))) as picture:
            assert f"{picture.width}x{picture.height}" == icon["sizes"]


@pytest.mark.parametrize("icon", ICONS, ids=lambda icon: icon.name)
def test_the_icons_are_drawn_from_the_mark_as_it_is_now(icon: object) -> None:
    drawing = drawn(icon)  # type: ignore[arg-type]

    with Image.open(str(finders.find(f"icons/{icon.name}.png"))) as kept:  # type: ignore[attr-defined]
        assert kept.convert("RGBA").tobytes() == drawing.convert("RGBA").tobytes()


def test_pages_name_the_manifest_and_the_icons(client: Client) -> None:
    page = client.get("/").content.decode()

    assert f'rel="manifest" href="{MANIFEST}"' in page
    assert 'rel="apple-touch-icon"' in page
