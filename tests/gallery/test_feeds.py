from __future__ import annotations

import xml.etree.ElementTree as ElementTree

import pytest
from django.conf import settings
from django.test import Client

from accounts.models import User
from gallery import sitemaps
from tests.factories import make_artwork

ATOM = "{http://www.w3.org/2005/Atom}"
MAP = "{http://www.sitemaps.org/schemas/sitemap/0.9}"


def entries(client: Client, address: str) -> list[str | None]:
    feed = ElementTree.fromstring(client.get(address).content)
    return [entry.findtext(f"{ATOM}title") for entry in feed.iter(f"{ATOM}entry")]


def addresses(client: Client, address: str) -> list[str]:
    return [str(place.text) for place in ElementTree.fromstring(client.get(address).content).iter(f"{MAP}loc")]


def test_each_feed_has_what_it_is_about_newest_first(client: Client, ada: User, bob: User) -> None:
    make_artwork(ada, "Hers", tags=["sea & sky"])
    make_artwork(bob, "His", tags=["forest"])

    assert entries(client, "/feeds/works/") == ["His", "Hers"]
    assert entries(client, "/artists/ada/feed/") == ["Hers"]
    assert entries(client, "/feeds/tags/sea & sky/") == ["Hers"]


@pytest.mark.parametrize("address", ["/feeds/tags/none-such/", "/feeds/tags/%00/", "/sitemap-none.xml"])
def test_what_there_is_nothing_of_has_no_feed(client: Client, db: None, address: str) -> None:
    assert client.get(address).status_code == 404


def test_an_entry_carries_picture_artist_and_address(client: Client, ada: User) -> None:
    work = make_artwork(ada, description="Boats & fog")

    feed = client.get("/feeds/works/").content.decode()

    assert work.painting.widest.url in feed
    assert "<name>ada</name>" in feed
    assert work.get_absolute_url() in feed
    assert "Boats &amp; fog" in feed


def test_the_sitemap_leads_to_every_public_work(client: Client, ada: User, monkeypatch: pytest.MonkeyPatch) -> None:
    works = {settings.SITE_URL.partition("://")[2] + make_artwork(ada).get_absolute_url() for _ in range(6)}
    # As if so many were expected that they take several sitemaps.
    monkeypatch.setattr(sitemaps, "SAMPLES", 1)
    monkeypatch.setattr(sitemaps, "ADDRESSES", 2)

    listed = addresses(client, "/sitemap.xml")
    found = [place.partition("://")[2] for part in listed for place in addresses(client, f"/{part.split('/', 3)[3]}")]

    assert len(listed) == 5
    domain = "testserver"
    shown = {place.removeprefix(domain) for place in found}
    assert {place[place.index("/") :] for place in works} <= shown


@pytest.mark.parametrize("page", ["0", "2", "x", "-1"])
def test_a_sitemap_beyond_the_last_is_not_there(client: Client, ada: User, page: str) -> None:
    assert client.get(f"/sitemap-works.xml?p={page}").status_code == 404


def test_robots_are_told_where_to_go_and_where_not(client: Client) -> None:
    text = client.get("/robots.txt").content.decode()

    assert "Disallow: /studio/" in text
    assert f"Sitemap: {settings.SITE_URL}/sitemap.xml" in text
