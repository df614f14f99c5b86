"""Everything by keyboard alone: Tab, Enter, Space and letters, and one always sees where one is."""

from __future__ import annotations

import re
import uuid
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.chromium import settle
from tests.factories import PASSWORD
from tests.live import LiveSite

pytestmark = [pytest.mark.browser, pytest.mark.timeout(240)]

FARTHEST = 120
# In one transaction, so that the site's worker never sees the job waiting.
HANG = """
from django.db import transaction
from tests.factories import make_artwork, make_user
with transaction.atomic():
    make_artwork(make_user("artist{0}"), "Harbour {0}", seed=0x{0})
"""
# What an assistive technology would call the element that has the focus.
FOCUSED = """() => {
    const at = document.activeElement;
    const own = at.getAttribute("aria-label") ?? (at.labels?.[0] ?? at).innerText;
    return [at.localName, at.type ?? "", own.trim()].join(" ");
}"""
# An outline that can be seen, around the element itself or around what stands for it.
RING_IS_SEEN = """() => [...document.querySelectorAll("*")].some((one) => {
    const style = getComputedStyle(one), box = one.getBoundingClientRect();
    const drawn = style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 1;
    const onScreen = box.width > 8 && box.height > 8
        && box.bottom > 0 && box.right > 0 && box.top < innerHeight && box.left < innerWidth;
    return drawn && onScreen && one.checkVisibility({checkOpacity: true, checkVisibilityCSS: true});
})"""


@pytest.fixture
def mark(site: LiveSite) -> str:
    """What the names of an artist and a work of theirs end in."""
    mark = uuid.uuid4().hex[:8]
    site.manage("shell", "-c", HANG.format(mark))
    return mark


def tab_to(page: Page, wanted: str, key: str = "Tab") -> None:
    """Go on until the wanted element has the focus, which is seen at every step."""
    passed = []
    for _ in range(FARTHEST):
        page.keyboard.press(key)
        passed.append(page.evaluate(FOCUSED))
        settle(page)
        assert page.evaluate(RING_IS_SEEN), f"one does not see where one is: {passed[-1]}"
        if re.search(wanted, passed[-1]):
            return
    pytest.fail(f"{wanted} is not reached, but these are: {passed}")


def press(page: Page, wanted: str, key: str = "Enter") -> None:
    tab_to(page, wanted)
    page.keyboard.press(key)


def follow(page: Page, wanted: str, address: str) -> None:
    press(page, f"^a .*{wanted}$")
    arrive(page, address)


def arrive(page: Page, address: str) -> None:
    expect(page).to_have_url(re.compile(address))
    page.wait_for_load_state()


def type_into(page: Page, wanted: str, text: str) -> None:
    tab_to(page, wanted)
    page.keyboard.type(text)


@pytest.mark.parametrize("width", [360, 1440])
def test_one_signs_up_browses_likes_follows_and_reports(visit: Callable[..., Page], mark: str, width: int) -> None:
    page = visit(width)
    page.goto("/")
    follow(page, "Sign up", "/signup/")
    name = f"user{uuid.uuid4().hex[:8]}"
    type_into(page, "^input text Username", name)
    type_into(page, "^input email", f"{name}@example.org")
    type_into(page, "^input password", PASSWORD)
    page.keyboard.press("Enter")
    arrive(page, "/studio/$")

    follow(page, "Gallery", "[0-9]/$")
    type_into(page, "^input search", mark)
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(f"q={mark}"))
    expect(page.locator(".hanging > .work")).to_have_count(1)
    follow(page, f"Harbour {mark}", "/works/")

    heart = page.locator("#like-button")
    expect(heart).to_have_attribute("aria-pressed", "false")
    press(page, "^button submit Like", "Space")
    expect(heart).to_have_attribute("aria-pressed", "true")

    press(page, "^summary .*Collect$", "Space")
    type_into(page, "^input text A new collection", "By the sea")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Added to “By the sea”.")).to_be_visible()

    follow(page, f"artist{mark}", "/artists/")
    press(page, "^button submit Follow$", "Space")
    expect(page.get_by_role("button", name="Unfollow")).to_be_visible()
    follow(page, f"Harbour {mark}", "/works/")

    follow(page, "Report this picture", "/report/")
    press(page, "^input radio", "Space")
    type_into(page, "^textarea", "I took it.")
    press(page, "^button submit Report it$")
    expect(page.get_by_text("Thank you. A moderator will look at it.")).to_be_visible()


def test_what_was_swapped_in_keeps_the_focus(visit: Callable[..., Page], mark: str) -> None:
    """A heart pressed by keyboard is pressed again without looking for it."""
    page = visit(1440)
    page.goto("/accounts/login/?next=/")
    type_into(page, "^input text", f"artist{mark}")
    type_into(page, "^input password", PASSWORD)
    page.keyboard.press("Enter")
    page.get_by_role("link", name=f"Harbour {mark}", exact=True).press("Enter")

    heart = page.locator("#like-button")
    heart.focus()
    for pressed in ("true", "false"):
        page.keyboard.press("Space")
        expect(heart).to_have_attribute("aria-pressed", pressed)
        expect(heart).to_be_focused()


def test_the_skip_link_leads_past_the_menus(visit: Callable[..., Page]) -> None:
    page = visit(1440)
    page.goto("/about/")

    press(page, "Skip to the content")

    expect(page.locator("#main")).to_be_focused()


def test_a_menu_opens_by_space_and_closes_by_escape(visit: Callable[..., Page]) -> None:
    page = visit(360)
    page.goto("/about/")
    press(page, "^summary", "Space")
    menu = page.locator("details[data-menu]").first
    expect(menu).to_have_attribute("open", "")
    tab_to(page, "^button submit ")

    page.keyboard.press("Escape")

    expect(menu).not_to_have_attribute("open", "")
    assert page.evaluate(FOCUSED).startswith("summary")
