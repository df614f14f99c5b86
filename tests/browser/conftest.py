"""A real Chromium on the real site."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, Playwright, expect, sync_playwright

from tests.browser.chromium import FLAGS, chromium_path
from tests.factories import encode, make_image
from tests.live import LiveSite

PATIENCE_MS = 15_000
expect.set_options(timeout=PATIENCE_MS)
WIDE = {"width": 1440, "height": 900}
NARROW = {"width": 390, "height": 844}


@pytest.fixture(scope="session")
def playwright() -> Iterator[Playwright]:
    with sync_playwright() as running:
        yield running


@pytest.fixture(scope="session")
def chromium(playwright: Playwright) -> Iterator[Browser]:
    path = chromium_path()
    if path is None:
        pytest.fail("These tests need Chromium: install it (on Debian: apt install chromium) or set CHROMIUM.")
    browser = playwright.chromium.launch(executable_path=path, args=FLAGS)
    yield browser
    browser.close()


@pytest.fixture(params=[WIDE, NARROW], ids=["wide", "narrow"])
def screen(request: pytest.FixtureRequest, chromium: Browser, site: LiveSite) -> Iterator[BrowserContext]:
    context = chromium.new_context(viewport=request.param, base_url=site.url, reduced_motion="reduce", locale="en-GB")
    yield context
    context.close()


@pytest.fixture
def page(screen: BrowserContext) -> Iterator[Page]:
    """A page on which every error the browser reports, blocked content among them, fails the test."""
    complaints: list[str] = []
    yield watched_page(screen, complaints)
    assert complaints == []


@pytest.fixture
def visit(chromium: Browser, site: LiveSite) -> Iterator[Callable[..., Page]]:
    """Opens the site for one more person, with a screen and cookies of their own. No browser may complain."""
    contexts: list[BrowserContext] = []
    complaints: list[str] = []

    def come_in(width: int, *, script: bool = True) -> Page:
        contexts.append(
            chromium.new_context(
                viewport={"width": width, "height": 900},
                java_script_enabled=script,
                base_url=site.url,
                reduced_motion="reduce",
                locale="en-GB",
            )
        )
        return watched_page(contexts[-1], complaints)

    yield come_in
    for context in contexts:
        context.close()
    assert complaints == []


def watched_page(context: BrowserContext, complaints: list[str]) -> Page:
    page = context.new_page()
    page.set_default_timeout(PATIENCE_MS)
    page.on("console", lambda message: complaints.append(message.text) if is_complaint(message) else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    return page


# A form sent back with its errors is no fault of the page, and neither is a connection that a test takes away.
NO_FAULTS = (
    "status of 422",
    "ERR_CONNECTION_RESET",
    "ERR_INTERNET_DISCONNECTED",
    "htmx:sendError",
    "htmx:afterRequest",
)


def is_complaint(message: ConsoleMessage) -> bool:
    return message.type == "error" and not any(text in message.text for text in NO_FAULTS)


@pytest.fixture(scope="session")
def photo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("photos") / "holiday.jpg"
    path.write_bytes(encode(make_image(480, 360)))
    return path
