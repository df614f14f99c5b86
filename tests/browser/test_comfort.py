"""What makes the site pleasant under the fingers: shortcuts, dialogs, toasts, the tour, and what is said offline."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.browser.conftest import NARROW
from tests.browser.test_journey import PAINTING_MS, fill_in, paint, sign_up
from tests.live import wait_until

pytestmark = [pytest.mark.browser, pytest.mark.timeout(240)]


def has_focus(page: Page, selector: str) -> bool:
    return bool(page.evaluate("selector => document.activeElement.matches(selector)", selector))


def test_a_question_mark_lists_the_shortcuts_and_escape_puts_them_away(page: Page) -> None:
    page.goto("/")
    page.keyboard.press("?")
    expect(page.get_by_role("dialog", name="Keyboard shortcuts")).to_be_visible()

    page.keyboard.press("Escape")

    expect(page.get_by_role("dialog")).to_be_hidden()


def test_two_keys_lead_to_the_studio_and_one_to_the_search(page: Page) -> None:
    page.goto("/")
    page.keyboard.press("/")
    assert has_focus(page, "input[type=search]")
    page.keyboard.type("gs?")
    expect(page.locator("input[type=search]")).to_have_value("gs?")

    page.locator("input[type=search]").blur()
    page.keyboard.press("g")
    page.keyboard.press("s")

    expect(page).to_have_url(re.compile("/accounts/login/"))


def test_shortcuts_that_were_switched_off_stay_off(page: Page) -> None:
    page.goto("/about/")
    page.keyboard.press("?")
    page.get_by_label("Shortcuts of single keys are on").uncheck()
    page.keyboard.press("Escape")

    page.goto("/about/")
    page.keyboard.press("?")
    page.keyboard.press("n")

    expect(page.get_by_role("dialog")).to_be_hidden()
    expect(page).to_have_url(re.compile("/about/$"))


def test_offline_is_said_and_so_is_its_end(page: Page, screen: BrowserContext) -> None:
    page.goto("/about/")
    screen.set_offline(True)
    expect(page.get_by_text("You are offline; the painting goes on.")).to_be_visible()

    screen.set_offline(False)

    expect(page.get_by_text("You are back online.")).to_be_visible()
    expect(page.get_by_text("You are offline")).to_be_hidden()


# The page believes that nobody looks at it, and keeps what it has told the system.
TOLD = """
    window.told = [];
    window.Notification = class extends Notification {
        constructor(title, options) {
            super(title, options);
            window.told.push(options.body);
        }
    };
    Object.defineProperty(document, "hidden", { get: () => true });
"""
OFFER = "This browser tells me when a painting is done"


@pytest.mark.parametrize("screen", [NARROW], indirect=True, ids=["narrow"])
def test_a_browser_that_was_asked_to_tells_of_a_painting_that_is_done(
    page: Page, screen: BrowserContext, photo: Path
) -> None:
    screen.grant_permissions(["notifications"])
    page.add_init_script(TOLD)
    sign_up(page)
    fill_in(page, photo)
    paint(page)

    page.get_by_label(OFFER).check()
    wait_until(lambda: page.evaluate("localStorage.getItem('notify')") == "on", 5)
    page.goto("/about/")

    toast = page.get_by_text("is finished: look at it")
    expect(toast).to_be_visible(timeout=PAINTING_MS)
    assert page.evaluate("window.told") == [toast.inner_text()]


def test_a_browser_that_may_not_tell_says_so(page: Page) -> None:
    sign_up(page)
    page.goto("/accounts/notifications/")

    page.get_by_text(OFFER).click()

    expect(page.get_by_text("Your browser does not allow it.")).to_be_visible()
    expect(page.get_by_label(OFFER)).not_to_be_checked()


def test_a_typed_password_can_be_looked_at(page: Page) -> None:
    page.goto("/accounts/login/")
    password = page.get_by_label("Password", exact=True)
    password.fill("tulip-river-9")
    eye = page.get_by_role("button", name="Show “Password”")

    eye.click()
    expect(password).to_have_attribute("type", "text")
    expect(eye).to_have_attribute("aria-pressed", "true")

    eye.click()
    expect(password).to_have_attribute("type", "password")


def test_a_message_can_be_closed(page: Page) -> None:
    sign_up(page)
    page.goto("/accounts/notifications/")
    page.get_by_text("If it took more than a few minutes").click()
    page.get_by_role("button", name="Save").click()
    toast = page.get_by_text("Your choice was saved.")
    expect(toast).to_be_visible()

    page.locator(".toast").get_by_role("button", name="Close").click()

    expect(toast).to_be_hidden()


def test_the_tour_leads_through_three_steps_and_does_not_come_back(page: Page) -> None:
    sign_up(page)
    tour = page.get_by_role("region", name="A short tour")
    expect(tour.get_by_role("listitem")).to_have_count(1)
    tour.get_by_role("button", name="Next").click()
    expect(tour.get_by_text("Choose a style")).to_be_visible()
    tour.get_by_role("button", name="Next").click()

    tour.get_by_role("button", name="Let me paint").click()

    expect(tour).to_be_hidden()
    page.reload()
    expect(page.get_by_role("heading", level=1)).to_have_count(1)
    expect(tour).to_be_hidden()


def test_what_is_asked_twice_is_asked_in_a_dialog(page: Page) -> None:
    name = sign_up(page)
    page.goto("/collections/")
    page.get_by_label("Name").fill(f"Of {name}")
    page.get_by_role("button", name="Create the collection").click()
    page.get_by_text("Edit the collection").click()
    page.get_by_role("button", name="Delete the collection…").click()
    dialog = page.get_by_role("dialog", name="Delete the collection?")
    expect(dialog).to_be_visible()

    dialog.get_by_role("button", name="Leave it").click()
    expect(dialog).to_be_hidden()
    page.get_by_role("button", name="Delete the collection…").click()
    dialog.get_by_role("button", name="Delete the collection").click()

    expect(page).not_to_have_url(re.compile("/collections/[0-9a-f-]{36}"))


SWAPPING = 'hx-get="/about/" hx-target="#part" hx-select=".about-part" hx-swap="outerHTML"'
PART = f'<div id="part"><button {SWAPPING}>More</button></div>'
ADD = """(html) => {
    document.querySelector("main").insertAdjacentHTML("beforeend", html);
    window.htmx.process(document.getElementById("part"));
}"""


def test_focus_goes_to_the_heading_of_what_came_in_the_place_of_what_had_it(page: Page) -> None:
    page.goto("/about/")
    page.evaluate(ADD, PART)

    page.get_by_role("button", name="More", exact=True).press("Enter")

    expect(page.locator("h2:focus")).to_be_visible()
