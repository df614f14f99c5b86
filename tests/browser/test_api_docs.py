"""The page about the API, under the site's own content security policy."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

pytestmark = pytest.mark.browser


def test_the_page_lists_every_operation_and_shows_what_one_takes(page: Page) -> None:
    page.goto("/api/v1/docs/")

    expect(page.get_by_text("Submit a job")).to_be_visible()
    page.get_by_text("Submit a job").click()
    expect(page.get_by_text("Idempotency-Key")).to_be_visible()
