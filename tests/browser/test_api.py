"""The pages about the API: making a token, and reading what there is to call."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.test_journey import fits_the_screen, sign_up
from tests.factories import PASSWORD

pytestmark = pytest.mark.browser


def test_a_token_is_made_after_the_password_and_shown_once(page: Page) -> None:
    sign_up(page)
    page.goto("/accounts/tokens/")
    page.get_by_role("link", name="New token").click()
    page.locator("[name=password]").fill(PASSWORD)
    page.locator("[name=password]").press("Enter")
    page.get_by_label("Name").fill("backup")
    page.get_by_label(re.compile("^Change")).uncheck()
    assert fits_the_screen(page)
    page.get_by_role("button", name="Make the token").click()

    expect(page.get_by_label("backup")).to_have_value(re.compile("^stylesite_"))
    assert fits_the_screen(page)
    page.get_by_role("link", name="Back to the tokens").click()
    expect(page.get_by_text("· read")).to_be_visible()
    assert fits_the_screen(page)
    page.get_by_role("button", name="Revoke backup").click()
    expect(page.get_by_text("The token was revoked.")).to_be_visible()


def test_the_page_lists_every_operation_and_shows_what_one_takes(page: Page) -> None:
    page.goto("/api/v1/docs/")

    expect(page.get_by_text("Submit a job")).to_be_visible()
    page.get_by_text("Submit a job").click()
    expect(page.get_by_text("Idempotency-Key")).to_be_visible()
