"""Every page of the site as axe sees it: nothing serious, on a phone and on a desk, by day and by night.

A new page is one more line in `PAGES`.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page

from tests.browser.chromium import settle
from tests.browser.test_journey import fits_the_screen
from tests.browser.test_moderation import sign_in
from tests.factories import PASSWORD
from tests.live import live_site

pytestmark = [pytest.mark.browser, pytest.mark.timeout(120)]

WIDTHS = (360, 1440)
# By night only the colours are others.
RULES: dict[str, dict[str, Any]] = {
    "light": {"resultTypes": ["violations"]},
    "dark": {"resultTypes": ["violations"], "runOnly": ["color-contrast", "link-in-text-block"]},
}
GRAVE = ("serious", "critical")

# Swagger UI is not ours to paint: the page around it is, and the OpenAPI document is there for whoever cannot use it.
NOT_OURS = {"exclude": [[".swagger-ui"]]}
HANG = "import json; from tests.browser.exhibition import addresses; print(json.dumps(addresses()))"

STRANGER, ARTIST, READER, JUDGE, ADMINISTRATOR = "", "ada", "bob", "judge", "root"


def press(name: str) -> Callable[[Page], None]:
    """What is done on a page before it is looked at: a form sent as it is, or a menu opened."""
    return lambda page: page.locator("main, header").get_by_role("button", name=name, exact=True).first.click()


def open_all(page: Page) -> None:
    """All that opens; menus opened by hand would close each other."""
    page.locator("details").evaluate_all("all => all.forEach((one) => { one.open = true; })")


@dataclass(frozen=True)
class Seen:
    """A page: where it is, by whom it is seen, and what they do there first."""

    address: str
    by: str = STRANGER
    after: Callable[[Page], None] | None = None

    def __str__(self) -> str:
        return f"{self.by or 'stranger'} {self.address}{' and on' if self.after else ''}"


PAGES = [
    Seen("/"),
    Seen("/?q=nothing+at+all&tag=sea&sort=liked"),
    Seen("/about/"),
    Seen("/accounts/login/"),
    Seen("/accounts/signup/"),
    Seen("/accounts/password/reset/"),
    Seen("/accounts/password/reset/done/"),
    Seen("/accounts/confirm-email/"),
    Seen("/accounts/inactive/"),
    Seen("{confirm_email}"),
    Seen("{new_password}"),
    Seen("/artists/ada/"),
    Seen("/artists/bob/"),
    Seen("{work_shared}"),
    Seen("{work_plain}"),
    Seen("/api/v1/docs/"),
    Seen("{error_400}"),
    Seen("{error_403}"),
    Seen("{error_404}"),
    Seen("{error_429}"),
    Seen("{error_500}"),
    Seen("/", ARTIST),
    Seen("/", ARTIST, open_all),
    Seen("/studio/", ARTIST),
    Seen("/studio/", ARTIST, open_all),
    Seen("/studio/jobs/", ARTIST),
    Seen("{job_queued}", ARTIST),
    Seen("{job_running}", ARTIST),
    Seen("{job_finished}", ARTIST),
    Seen("{job_finished}", ARTIST, open_all),
    Seen("{job_failed}", ARTIST),
    Seen("{job_cancelled}", ARTIST),
    Seen("/studio/styles/", ARTIST),
    Seen("/studio/limits/", ARTIST),
    Seen("{work_shared}", ARTIST, open_all),
    Seen("{work_hidden}", ARTIST),
    Seen("{edit}", ARTIST),
    Seen("{collection}", ARTIST, open_all),
    Seen("/collections/", ARTIST),
    Seen("/following/", ARTIST),
    Seen("/following/", READER),
    Seen("{work_shared}", READER, open_all),
    Seen("/artists/ada/", READER),
    Seen("{report_shared}", READER),
    Seen("{report_shared}", READER, press("Report it")),
    Seen("/notices/", ARTIST),
    Seen("/notices/", READER),
    Seen("/profile/", ARTIST),
    Seen("/profile/", READER),
    Seen("/accounts/email/", ARTIST),
    Seen("/accounts/password/change/", ARTIST),
    Seen("/accounts/password/change/", ARTIST, press("Change the password")),
    Seen("/accounts/tokens/", ARTIST),
    Seen("/accounts/tokens/new/", ARTIST),
    Seen("/accounts/webhooks/", ARTIST),
    Seen("/accounts/2fa/", ARTIST),
    Seen("/accounts/2fa/totp/activate/", ARTIST),
    Seen("/accounts/sessions/", ARTIST),
    Seen("/accounts/data/", ARTIST),
    Seen("/accounts/data/", READER),
    Seen("/accounts/delete/", ARTIST),
    Seen("/accounts/logout/", ARTIST),
    Seen("/accounts/reauthenticate/", ARTIST),
    Seen("/admin/", JUDGE),
    Seen("/admin/gallery/worktolookat/", JUDGE),
    Seen("{to_look_at}", JUDGE),
    Seen("/admin/gallery/report/", JUDGE),
    Seen("/admin/gallery/act/", JUDGE),
    Seen("{act}", JUDGE),
    Seen("/admin/gallery/appeal/", JUDGE),
    Seen("/admin/gallery/profile/", JUDGE),
    Seen("/admin/gallery/artwork/", JUDGE),
    Seen("/admin/transfer/job/", ADMINISTRATOR),
    Seen("/admin/transfer/job/?state__exact=failed", ADMINISTRATOR, open_all),
    Seen("/admin/transfer/job/queue/", ADMINISTRATOR),
    Seen("/admin/transfer/generator/", ADMINISTRATOR),
    Seen("/admin/transfer/trainingset/add/", ADMINISTRATOR),
    Seen("{training_set}", ADMINISTRATOR),
]


@dataclass
class Exhibition:
    """A running site with one of everything, and a browser that visits it as several people."""

    url: str
    addresses: dict[str, str]
    chromium: Browser
    pages: dict[tuple[str, int], Page]

    def show(self, seen: Seen, width: int) -> Page:
        page = self.pages.get((seen.by, width)) or self._enter(seen.by, width)
        address = seen.address.format(**self.addresses)
        if address.startswith("<"):
            page.route("**/shown/", lambda route: route.fulfill(body=address, content_type="text/html"))
            page.goto("/shown/")
            page.unroute("**/shown/")
        else:
            page.goto(address)
        if "/reauthenticate/" in page.url and "/reauthenticate/" not in address:
            confirm_password(page)
        if seen.after:
            seen.after(page)
        return page

    def _enter(self, name: str, width: int) -> Page:
        viewport = {"width": width, "height": 900}
        context = self.chromium.new_context(
            viewport=viewport,  # type: ignore[arg-type]
            base_url=self.url,
            reduced_motion="reduce",
            locale="en-GB",
        )
        page = self.pages[name, width] = context.new_page()
        page.set_default_timeout(15_000)
        if name:
            sign_in(page, name)
        return page


def confirm_password(page: Page) -> None:
    """Whoever signed in a while ago is asked again."""
    with page.expect_navigation():
        page.locator("[name=password]").fill(PASSWORD)
        page.locator("[name=password]").press("Enter")


@pytest.fixture(scope="module")
def exhibition(chromium: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Exhibition]:
    with live_site(tmp_path_factory.mktemp("exhibition"), WORKERS="0", TRAINERS="0") as site:
        printed = site.manage("shell", "-c", HANG)
        shown = Exhibition(site.url, json.loads(printed.splitlines()[-1]), chromium, {})
        yield shown
        for page in shown.pages.values():
            page.context.close()


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("seen", PAGES, ids=str)
def test_axe_finds_nothing_serious(exhibition: Exhibition, seen: Seen, width: int) -> None:
    page = exhibition.show(seen, width)

    assert fits_the_screen(page)
    found = {scheme: findings(page, scheme) for scheme in RULES}
    assert not any(found.values()), json.dumps(found, indent=2)


def findings(page: Page, scheme: Any) -> list[str]:
    page.emulate_media(color_scheme=scheme)
    settle(page)
    violations = Axe().run(page, NOT_OURS, RULES[scheme]).response["violations"]
    return [
        f"{violation['id']}: {node['html'][:200]} ({node['failureSummary']})"
        for violation in violations
        if violation["impact"] in GRAVE
        for node in violation["nodes"]
    ]
