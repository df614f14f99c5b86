"""One's own pictures: chosen, followed while they are painted, and many of them begun at once."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import WIDE
from tests.browser.test_journey import fill_in, fits_the_screen, paint, sign_up
from tests.factories import encode, make_image
from tests.live import LiveSite

pytestmark = [pytest.mark.browser, pytest.mark.timeout(240)]

# In one transaction, so that the site's worker never sees the jobs waiting.
HAVE_PAINTED = """
from django.db import transaction
from accounts.models import User
from tests.factories import make_finished_job
with transaction.atomic():
    for _ in range({1}):
        make_finished_job(User.objects.get(username="{0}"))
"""
CARDS = ".tiles .work"


def with_pictures(page: Page, site: LiveSite, count: int) -> None:
    """Sign up as somebody who has painted, and look at the pictures."""
    site.manage("shell", "-c", HAVE_PAINTED.format(sign_up(page), count))
    page.goto("/studio/jobs/")


def test_chosen_pictures_are_taken_along_and_deleted_after_a_second_look(page: Page, site: LiveSite) -> None:
    with_pictures(page, site, 3)
    bar = page.locator("[data-selection-bar]")
    expect(bar).to_be_hidden()
    assert fits_the_screen(page)

    for number in (0, 2):
        page.locator(f"{CARDS} input[name=job]").nth(number).check()
    expect(bar).to_contain_text("Chosen: 2")
    # What does not apply cannot be pressed, and is not there where there is little room.
    expect(bar.get_by_role("button", name="Stop", disabled=False)).to_have_count(0)
    assert fits_the_screen(page)
    with page.expect_download() as download:
        bar.get_by_role("button", name="Download as zip").click()
    assert download.value.suggested_filename.endswith(".zip")

    bar.get_by_role("button", name="Delete").click()
    expect(page.get_by_role("heading", name="Delete these 2 pictures?")).to_be_visible()
    assert fits_the_screen(page)
    page.get_by_role("button", name="Delete for good").click()

    expect(page.get_by_text("2 pictures were deleted.")).to_be_visible()
    expect(page.locator(CARDS)).to_have_count(1)


def test_the_easels_are_followed_without_a_reload_and_what_is_ticked_stays(
    page: Page, site: LiveSite, photo: Path
) -> None:
    sign_up(page)
    fill_in(page, photo, preset="standard")
    paint(page)
    page.goto("/studio/jobs/")
    page.locator("[data-easel] input[name=job]").check()

    easel = page.locator("[data-easel][data-state=running]")
    expect(easel).to_be_visible(timeout=60_000)
    expect(easel.locator("[data-easel-percent]")).not_to_have_text("0", timeout=120_000)
    expect(easel.locator("input[name=job]")).to_be_checked()
    assert fits_the_screen(page)

    easel.get_by_role("button", name=re.compile("^Stop painting")).click()
    expect(page.get_by_text("1 painting was stopped.")).to_be_visible()


def test_filters_are_addresses(page: Page, site: LiveSite) -> None:
    with_pictures(page, site, 2)

    page.get_by_role("link", name=re.compile("^Failed or stopped")).click()
    expect(page.get_by_text("No picture of yours is like that.")).to_be_visible()
    page.go_back()
    page.get_by_role("combobox", name="Style").select_option(index=1)
    expect(page).to_have_url(re.compile("style=[0-9a-f-]{36}"))
    expect(page.locator(CARDS)).to_have_count(1)


def test_pictures_are_deleted_without_any_script(chromium: Browser, site: LiveSite) -> None:
    context = chromium.new_context(viewport=WIDE, base_url=site.url, java_script_enabled=False, locale="en-GB")
    page = context.new_page()
    with_pictures(page, site, 2)

    page.locator(f"{CARDS} input[name=job]").first.check()
    page.get_by_role("button", name="Delete").click()
    page.get_by_role("button", name="Delete for good").click()

    expect(page.get_by_text("1 picture was deleted.")).to_be_visible()
    context.close()


def test_many_photos_are_begun_at_once_and_stopped_together(page: Page, tmp_path: Path) -> None:
    files = [tmp_path / name for name in ("one.jpg", "two.jpg", "three.jpg", "broken.jpg", "notes.txt")]
    for number, file in enumerate(files[:3]):
        file.write_bytes(encode(make_image(480, 360, seed=number)))
    files[3].write_text("no picture at all")
    files[4].write_text("notes")
    sign_up(page)
    page.goto("/studio/batch/")

    # From two choices, as from two folders.
    page.locator("input[name=new_photos]").set_input_files(files[:2])
    page.locator("input[name=new_photos]").set_input_files(files[2:])
    expect(page.get_by_text("This file is not a picture.")).to_be_visible()
    expect(page.get_by_text("4 of 20 photos chosen")).to_be_visible()
    page.get_by_role("button", name="Leave out one.jpg").click()
    expect(page.get_by_text("3 of 20 photos chosen")).to_be_visible()
    assert fits_the_screen(page)
    page.locator("input[name=preset][value=fine]").check()
    page.get_by_role("button", name="Paint them all").click()

    expect(page.get_by_text("2 photos will be painted.")).to_be_visible()
    expect(page.get_by_text("broken.jpg: This is not a picture we can read.")).to_be_visible()
    expect(page.get_by_text("0 of 2 finished")).to_be_visible()
    assert fits_the_screen(page)
    page.get_by_role("button", name="Stop all").click()
    expect(page.get_by_text("2 paintings were stopped.")).to_be_visible()
