"""`make screenshots`: every page, on three screens, by day and by night, in both languages, into var/screenshots."""

from __future__ import annotations

import sys
import tempfile
from itertools import product
from pathlib import Path

from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from tests.browser.chromium import FLAGS, chromium_path
from tests.browser.rooms import LOST, ROOMS, Room, furnished, visit
from tests.live import ROOT, LiveSite, live_site

FOLDER = ROOT / "var" / "screenshots"
WIDTHS = (360, 768, 1440)
SCHEMES = ("light", "dark")
LANGUAGES = {"en": "en-GB", "zh": "zh-CN"}
# What comes into view late is fetched late: the page is looked through once before it is taken.
LOOK_THROUGH = """async () => {
    for (const image of document.querySelectorAll("img[loading=lazy]")) image.loading = "eager";
    await Promise.allSettled([...document.images].map((image) => image.decode()));
}"""


def main() -> None:
    wanted = sys.argv[1:] or [room.name for room in (*ROOMS, LOST)]
    rooms = [room for room in (*ROOMS, LOST) if room.name in wanted]
    FOLDER.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder, live_site(Path(folder)) as site, sync_playwright() as playwright:
        addresses = furnished(site)
        browser = playwright.chromium.launch(executable_path=chromium_path(), args=FLAGS)
        for width, scheme, language in product(WIDTHS, SCHEMES, LANGUAGES):
            _take_all(browser, site, rooms, addresses, f"{width}-{scheme}-{language}")
        browser.close()
    sys.stdout.write(f"{len(list(FOLDER.glob('*.png')))} pictures in {FOLDER}\n")


def _take_all(browser: Browser, site: LiveSite, rooms: list[Room], addresses: dict[str, str], look: str) -> None:
    width, scheme, language = look.split("-")
    contexts: dict[str, BrowserContext] = {}
    for room in rooms:
        if room.visitor not in contexts:
            contexts[room.visitor] = visit(
                browser,
                site,
                room.visitor,
                viewport={"width": int(width), "height": 900},
                color_scheme=scheme,
                locale=LANGUAGES[language],
            )
        page = contexts[room.visitor].new_page()
        page.goto(room.address.format(**addresses))
        _take(page, FOLDER / f"{room.name}-{look}.png")
        page.close()
    for context in contexts.values():
        context.close()


def _take(page: Page, path: Path) -> None:
    page.wait_for_load_state("networkidle")
    page.evaluate(LOOK_THROUGH)
    page.screenshot(path=path, full_page=True)


if __name__ == "__main__":
    main()
