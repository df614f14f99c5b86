"""Every page of the site by name, for whoever goes through them all: for their weight, or for their picture.

Where a page is about something, the site is given one of it.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass

from playwright.sync_api import Browser, BrowserContext

from tests.live import LiveSite

# As in tests.factories, which wants Django set up.
PASSWORD = "lilac-and-ochre-42"
STRANGER, PAINTER, NEWCOMER, STAFF = "", "ada", "nell", "boss"
FURNISH = "from tests.browser.furniture import furnish; furnish()"


@dataclass(frozen=True)
class Room:
    """A page, and who looks at it; names in braces are those of things in `furniture`."""

    name: str
    address: str
    visitor: str = STRANGER


ROOMS = (
    Room("front", "/"),
    Room("about", "/about/"),
    Room("login", "/accounts/login/"),
    Room("signup", "/accounts/signup/"),
    Room("forgotten", "/accounts/password/reset/"),
    Room("artist", "/artists/ada/"),
    Room("work", "{work}"),
    Room("nothing-found", "/?q=nothing+of+the+kind"),
    Room("letters-stopped", "{stop}"),
    Room("gallery", "/", PAINTER),
    Room("own-work", "{work}", PAINTER),
    Room("label", "{label}", PAINTER),
    Room("studio", "/studio/", PAINTER),
    Room("styles", "/studio/styles/", PAINTER),
    Room("pictures", "/studio/jobs/", PAINTER),
    Room("finished", "{finished}", PAINTER),
    Room("failed", "{failed}", PAINTER),
    Room("collections", "/collections/", PAINTER),
    Room("collection", "{collection}", PAINTER),
    Room("following", "/following/", PAINTER),
    Room("moderators", "/notices/", PAINTER),
    Room("profile", "/profile/", PAINTER),
    Room("limits", "/studio/limits/", PAINTER),
    Room("emails", "/accounts/email/", PAINTER),
    Room("password", "/accounts/password/change/", PAINTER),
    Room("notifications", "/accounts/notifications/", PAINTER),
    Room("tokens", "/accounts/tokens/", PAINTER),
    Room("webhooks", "/accounts/webhooks/", PAINTER),
    Room("two-factor", "/accounts/2fa/", PAINTER),
    Room("sessions", "/accounts/sessions/", PAINTER),
    Room("data", "/accounts/data/", PAINTER),
    Room("deletion", "/accounts/delete/", PAINTER),
    Room("confirm", "/accounts/reauthenticate/", PAINTER),
    Room("tour", "/studio/", NEWCOMER),
    Room("no-pictures", "/studio/jobs/", NEWCOMER),
    Room("no-followed", "/following/", NEWCOMER),
    Room("report", "{report}", NEWCOMER),
    Room("styleguide", "/styleguide/", STAFF),
    Room("admin", "/admin/", STAFF),
    Room("admin-jobs", "/admin/transfer/job/", STAFF),
    Room("admin-queue", "/admin/transfer/job/queue/", STAFF),
)
LOST = Room("lost", "/nowhere/")


def furnished(site: LiveSite) -> dict[str, str]:
    """Make what the pages are about; where each thing is."""
    printed = site.manage("shell", "-v", "0", "-c", FURNISH)
    addresses: dict[str, str] = json.loads(printed.strip().splitlines()[-1])
    return addresses


def visit(browser: Browser, site: LiveSite, visitor: str, **options: object) -> BrowserContext:
    """A browser in which the visitor is signed in, and has just said so again, as some pages ask."""
    context = browser.new_context(base_url=site.url, reduced_motion="reduce", **options)  # type: ignore[arg-type]
    if visitor:
        page = context.new_page()
        page.goto("/accounts/login/")
        page.locator("[name=login]").fill(visitor)
        page.locator("[name=password]").fill(PASSWORD)
        page.locator("main button.button--primary").click()
        page.wait_for_url(re.compile("/studio/"))
        page.goto("/accounts/reauthenticate/?next=/about/")
        page.locator("[name=password]").fill(PASSWORD)
        page.locator("main button.button--primary").click()
        page.wait_for_url(re.compile("/about/"))
        page.close()
    return context
