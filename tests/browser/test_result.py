"""A finished picture: looked at closely, taken away, watched, and gone on from."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import NARROW, WIDE
from tests.browser.test_journey import fits_the_screen, sign_up
from tests.live import LiveSite

pytestmark = [pytest.mark.browser, pytest.mark.timeout(240)]

# In one transaction, so that the site's worker never sees the job waiting.
HAVE_PAINTED = """
from django.core.files.base import ContentFile
from django.db import transaction
from accounts.models import User
from tests.factories import claimed, encode, make_image, make_job
from transfer.jobs import finish
from transfer.time_lapse import animated, picture_in
stills = [picture_in(encode(make_image(64, 48, seed=seed), "WEBP", quality=60)) for seed in range(9)]
with transaction.atomic():
    job = make_job(User.objects.get(username="{0}"))
    finish(claimed(job), make_image(1600, 1200), ContentFile(animated(stills, (64, 48)), name="{0}.webp"))
print(job.get_absolute_url())
"""


def with_result(page: Page, site: LiveSite) -> str:
    """Sign up as somebody who has a finished picture, and open it; its address."""
    printed = site.manage("shell", "-c", HAVE_PAINTED.format(sign_up(page)))
    match = re.search(r"/studio/jobs/[0-9a-f-]{36}/", printed)
    assert match
    page.goto(match[0])
    return match[0]


def transform(page: Page) -> str:
    return str(page.locator("[data-viewer] img").evaluate("image => image.style.transform"))


def test_a_picture_is_looked_at_pixel_for_pixel_by_mouse_and_keys(page: Page, site: LiveSite) -> None:
    with_result(page, site)
    assert fits_the_screen(page)
    opener = page.get_by_role("link", name="Actual size")
    opener.focus()
    opener.press("Enter")
    viewer = page.get_by_role("dialog")
    expect(viewer.locator("output")).to_have_text("100%")
    drawn = viewer.locator("img").evaluate("image => image.getBoundingClientRect().width * devicePixelRatio")
    assert round(drawn) == 1600

    page.keyboard.press("+")
    expect(viewer.locator("output")).to_have_text("125%")
    for move in (lambda: page.keyboard.press("ArrowRight"), lambda: page.mouse.wheel(0, -100), lambda: drag(page)):
        before = transform(page)
        move()
        page.wait_for_function(
            "before => document.querySelector('[data-viewer] img').style.transform !== before", arg=before
        )
    page.keyboard.press("1")
    expect(viewer.locator("output")).to_have_text("100%")

    page.keyboard.press("Escape")
    expect(viewer).to_be_hidden()
    expect(opener).to_be_focused()


def test_two_fingers_zoom_the_picture_about_the_place_between_them(chromium: Browser, site: LiveSite) -> None:
    context = chromium.new_context(base_url=site.url, viewport=NARROW, has_touch=True, locale="en-GB")
    page = context.new_page()
    with_result(page, site)
    page.get_by_role("link", name="Actual size").tap()
    viewer = page.get_by_role("dialog")
    expect(viewer.locator("output")).to_have_text("100%")

    fingers = context.new_cdp_session(page)
    for kind, apart in (("touchStart", 60), ("touchMove", 90), ("touchMove", 120)):
        points = [{"x": 195 + way * apart / 2, "y": 300, "id": number} for number, way in enumerate((-1, 1))]
        fingers.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})
    fingers.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})

    expect(viewer.locator("output")).to_have_text("200%")
    assert page.evaluate("visualViewport.scale") == 1
    context.close()


def drag(page: Page) -> None:
    page.mouse.move(200, 300)
    page.mouse.down()
    page.mouse.move(150, 260, steps=3)
    page.mouse.up()


def test_the_whole_picture_fits_the_window(page: Page, site: LiveSite) -> None:
    with_result(page, site)
    page.get_by_role("link", name="Actual size").click()

    page.get_by_role("button", name="Whole").click()

    picture = page.locator("[data-viewer] img").bounding_box()
    canvas = page.locator("[data-viewer-canvas]").bounding_box()
    assert picture
    assert canvas
    assert picture["width"] <= canvas["width"] + 1
    assert picture["height"] <= canvas["height"] + 1
    page.get_by_role("button", name="Close").click()


def test_a_smaller_copy_is_downloaded(page: Page, site: LiveSite) -> None:
    with_result(page, site)

    page.get_by_text("Other formats and sizes").click()
    expect(page.get_by_text("Prints at 13.5 × 10.2 cm")).to_be_visible()
    assert fits_the_screen(page)
    with page.expect_download() as download:
        page.get_by_role("link", name="WEBP, 512 × 384").click()

    assert download.value.suggested_filename.endswith("-512.webp")


def test_a_time_lapse_is_fetched_and_played_only_when_asked_for(page: Page, site: LiveSite) -> None:
    fetched: list[str] = []
    page.on("request", lambda request: fetched.append(urlsplit(request.url).path))
    address = with_result(page, site)
    film = page.get_by_role("img", name="The painting coming into being")
    expect(film).to_be_hidden()
    assert f"{address}time_lapse.webp" not in fetched

    page.get_by_text("Watch it being painted").click()

    expect(film).to_be_visible()
    page.wait_for_function("document.querySelector('[data-time-lapse] img').naturalWidth > 0")
    assert f"{address}time_lapse.webp" in fetched
    assert fits_the_screen(page)


def test_four_variations_stand_beside_their_original(page: Page, site: LiveSite) -> None:
    with_result(page, site)

    page.get_by_role("button", name="Paint four variations").click()

    expect(page.get_by_text("4 variations will be painted.")).to_be_visible()
    strip = page.locator(".siblings-strip li")
    expect(strip).to_have_count(5)
    # Each is followed where it stands.
    expect(strip.nth(1)).not_to_contain_text(re.compile("Waiting|Painting"), timeout=60_000)
    assert fits_the_screen(page)
    strip.nth(1).get_by_role("link").click()
    expect(page.get_by_text("This one")).to_be_visible()
    expect(page.get_by_role("link", name="The first")).to_be_visible()


def test_without_a_script_the_picture_is_a_link_away(chromium: Browser, site: LiveSite) -> None:
    context = chromium.new_context(viewport=WIDE, base_url=site.url, java_script_enabled=False, locale="en-GB")
    page = context.new_page()
    address = with_result(page, site)

    page.get_by_role("link", name="Actual size").click()

    expect(page).to_have_url(re.compile(re.escape(f"{address}full.jpg")))
    context.close()
