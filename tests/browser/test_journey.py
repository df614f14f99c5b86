"""The way of a new user, with mouse and keyboard."""

from __future__ import annotations

import re
import uuid
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.factories import PASSWORD

pytestmark = [pytest.mark.browser, pytest.mark.timeout(240)]

PAINTING_MS = 120_000


def sign_up(page: Page) -> str:
    name = f"user{uuid.uuid4().hex[:8]}"
    page.goto("/accounts/signup/")
    page.get_by_label("Username").fill(name)
    page.get_by_label("E-mail address").fill(f"{name}@example.org")
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("main").get_by_role("button", name="Create the account").click()
    expect(page).to_have_url(re.compile("/studio/$"))
    page.wait_for_load_state()
    return name


def fill_in(page: Page, photo: Path, preset: str = "draft") -> None:
    """The photo last: what lies under it moves when it comes, and forced clicks do not wait for that."""
    page.locator("input[name=style]").nth(2).check(force=True)
    page.locator(f"input[name=preset][value={preset}]").check(force=True)
    page.locator("input[name=photo_file]").set_input_files(photo)


def paint(page: Page) -> None:
    page.get_by_role("button", name="Paint", exact=True).click()
    expect(page).to_have_url(re.compile("/studio/\\?job=[0-9a-f-]{36}$"))


def stop_painting(page: Page) -> None:
    """And see it stopped: whoever leaves at once may take the request along, and the painting goes on, before all those
    that other tests wait for."""
    page.get_by_role("button", name="Stop painting").click()
    expect(page.get_by_role("button", name="Try again")).to_be_visible()


def fits_the_screen(page: Page) -> bool:
    return bool(page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth"))


def test_a_photo_becomes_a_painting_before_ones_eyes(page: Page, photo: Path) -> None:
    sign_up(page)
    fill_in(page, photo)
    assert fits_the_screen(page)
    paint(page)

    progress = page.locator("[data-bar]")
    expect(progress).to_be_visible()
    expect(progress).not_to_have_attribute("value", "0", timeout=60_000)
    assert fits_the_screen(page)

    png = page.get_by_role("link", name="Download PNG (lossless)")
    expect(png).to_be_visible(timeout=PAINTING_MS)
    assert fits_the_screen(page)
    with page.expect_download() as download:
        png.click()
    assert download.value.suggested_filename.endswith(".png")

    slider = page.locator(".compare input[type=range]")
    slider.focus()
    before = slider.input_value()
    slider.press("ArrowRight")
    assert slider.input_value() != before

    title = f"Evening {uuid.uuid4().hex[:6]}"
    page.locator("input[name=title]").fill(title)
    page.get_by_role("button", name=re.compile("Publish")).click()
    expect(page.get_by_role("heading", name=title)).to_be_visible()
    assert fits_the_screen(page)

    page.goto("/")
    expect(page.get_by_text(title)).to_be_visible()
    assert fits_the_screen(page)


def test_a_running_job_is_cancelled_and_tried_again(page: Page, photo: Path) -> None:
    sign_up(page)
    fill_in(page, photo, preset="fine")
    paint(page)

    stop_painting(page)

    page.get_by_role("button", name="Try again").click()
    expect(page.locator("[data-bar]")).to_be_visible()
    stop_painting(page)


def test_a_file_that_is_no_picture_is_explained_where_it_was_chosen(page: Page, tmp_path: Path) -> None:
    sign_up(page)
    words = tmp_path / "words.jpg"
    words.write_text("no picture at all")
    page.locator("input[name=photo_file]").set_input_files(words)

    expect(page.get_by_text("This is not a picture we can read")).to_be_visible()
