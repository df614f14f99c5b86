"""Every page works, reduced, without JavaScript."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.conftest import WIDE
from tests.browser.test_journey import PAINTING_MS, fill_in, sign_up
from tests.live import LiveSite

pytestmark = [pytest.mark.browser, pytest.mark.timeout(240)]


def test_a_photo_becomes_a_painting_without_any_script(chromium: Browser, site: LiveSite, photo: Path) -> None:
    context = chromium.new_context(viewport=WIDE, base_url=site.url, java_script_enabled=False, locale="en-GB")
    page = context.new_page()
    sign_up(page)
    fill_in(page, photo)
    page.get_by_role("button", name="Paint", exact=True).click()

    expect(page).to_have_url(re.compile("/studio/jobs/[0-9a-f-]{36}/$"))
    expect(page.get_by_role("link", name="Download PNG (lossless)")).to_be_visible(timeout=PAINTING_MS)
    context.close()
