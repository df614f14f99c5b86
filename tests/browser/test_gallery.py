"""From browsing to liking and following, with and without JavaScript."""

from __future__ import annotations

import re
import uuid
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.browser.conftest import WIDE
from tests.browser.test_journey import fits_the_screen, sign_up
from tests.live import LiveSite

pytestmark = [pytest.mark.browser, pytest.mark.timeout(240)]

WORKS = 27
# In one transaction, so that the site's worker never sees the jobs waiting.
HANG = """
from django.db import transaction
from tests.factories import make_artwork, make_user
with transaction.atomic():
    artist = make_user("{0}")
    for number in range({1}):
        make_artwork(artist, f"{0} number {{number}}", tags=["tide"])
"""


@pytest.fixture(scope="module")
def artist(site: LiveSite) -> str:
    """Somebody with more works than a page shows."""
    name = f"artist{uuid.uuid4().hex[:8]}"
    site.manage("shell", "-c", HANG.format(name, WORKS))
    return name


@pytest.fixture(params=[360, 1440])
def screen(request: pytest.FixtureRequest, chromium: Browser, site: LiveSite) -> Iterator[BrowserContext]:
    viewport = {"width": request.param, "height": 900}
    context = chromium.new_context(
        viewport=viewport,  # type: ignore[arg-type]
        base_url=site.url,
        reduced_motion="reduce",
        locale="en-GB",
    )
    yield context
    context.close()


def test_one_browses_on_searches_likes_and_follows(page: Page, artist: str) -> None:
    sign_up(page)
    page.goto(f"/?artist={artist}")
    cards = page.locator(".hanging > .work")
    expect(cards).to_have_count(24)
    assert fits_the_screen(page)
    page.locator(".more").scroll_into_view_if_needed()
    expect(cards).to_have_count(WORKS)
    expect(page).to_have_url(re.compile("older="))

    page.goto("/")
    page.get_by_role("searchbox").fill(f"{artist} number 3")
    expect(page).to_have_url(re.compile(rf"q={artist}\+number\+3$"))
    expect(cards).to_have_count(1)
    assert fits_the_screen(page)
    page.get_by_role("link", name=f"{artist} number 3", exact=True).click()

    heart = page.locator("#like-button")
    expect(heart).to_have_attribute("aria-pressed", "false")
    before = int(heart.inner_text().split()[-1])
    heart.click()
    expect(heart).to_have_attribute("aria-pressed", "true")
    expect(heart).to_contain_text(str(before + 1))
    assert fits_the_screen(page)

    page.locator(".wall-label").get_by_role("link", name=artist, exact=True).click()
    page.get_by_role("button", name="Follow", exact=True).click()
    expect(page.get_by_role("button", name="Unfollow")).to_be_visible()
    assert fits_the_screen(page)
    page.goto("/following/")
    expect(page.get_by_role("link", name=f"{artist} number 26")).to_be_visible()

    page.goto("/")
    page.get_by_role("searchbox").fill(uuid.uuid4().hex)
    expect(page.get_by_text("Nothing on the wall matches")).to_be_visible()
    page.go_back()
    expect(page.get_by_role("searchbox")).to_have_value("")
    expect(page.get_by_text("Nothing on the wall matches")).to_be_hidden()


def test_one_pages_searches_and_likes_without_any_script(chromium: Browser, site: LiveSite, artist: str) -> None:
    context = chromium.new_context(viewport=WIDE, base_url=site.url, java_script_enabled=False, locale="en-GB")
    page = context.new_page()
    sign_up(page)
    page.goto("/")
    page.get_by_role("searchbox").fill(artist)
    page.get_by_role("button", name="Search").click()
    expect(page.locator(".work")).to_have_count(24)
    page.get_by_role("link", name="Older").click()
    expect(page.locator(".work")).to_have_count(WORKS - 24)
    page.get_by_role("link", name="Newer").click()
    expect(page.locator(".work")).to_have_count(24)

    page.get_by_role("link", name=f"{artist} number 26", exact=True).click()
    page.locator("#like-button").click()
    expect(page.locator("#like-button")).to_have_attribute("aria-pressed", "true")
    page.locator("#like-button").click()
    expect(page.locator("#like-button")).to_have_attribute("aria-pressed", "false")
    context.close()
