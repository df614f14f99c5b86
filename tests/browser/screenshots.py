"""`make screenshots`: every page, on three screens, by day and by night, in both languages, into var/screenshots."""

from __future__ import annotations

import sys
import tempfile
from itertools import product
from pathlib import Path
from typing import Literal

from playwright.sync_api import Browser, BrowserContext, sync_playwright

from tests.browser.chromium import FLAGS, chromium_path, settle
from tests.browser.rooms import LOST, ROOMS, Room, furnished, visit
from tests.live import ROOT, LiveSite, live_site

FOLDER = ROOT / "var" / "screenshots"
WIDTHS = (360, 768, 1440)
SCHEMES: tuple[Literal["light", "dark"], ...] = ("light", "dark")
LANGUAGES = {"en": "en-GB", "zh": "zh-CN"}
# What comes into view late is fetched late: the page is looked through once before it is taken.
LOOK_THROUGH = """async () => {
    for (const image of document.querySelectorAll("img[loading=lazy]")) image.loading = "eager";
    const isThere = (image) => image.complete && (image.naturalWidth || !image.currentSrc);
    while (![...document.images].every(isThere)) await new Promise(requestAnimationFrame);
    await Promise.allSettled([...document.images].map((image) => image.decode()));
}"""


def main() -> None:
    wanted = sys.argv[1:] or [room.name for room in (*ROOMS, LOST)]
    rooms = [room for room in (*ROOMS, LOST) if room.name in wanted]
    FOLDER.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder, live_site(Path(folder)) as site, sync_playwright() as playwright:
        addresses = furnished(site)
        browser = playwright.chromium.launch(executable_path=chromium_path(), args=FLAGS)
        for language in LANGUAGES:
            _take_all(browser, site, rooms, addresses, language)
        browser.close()
    sys.stdout.write(f"{len(list(FOLDER.glob('*.png')))} pictures in {FOLDER}\n")


def _take_all(browser: Browser, site: LiveSite, rooms: list[Room], addresses: dict[str, str], language: str) -> None:
    contexts: dict[str, BrowserContext] = {}
    for room in rooms:
        if room.visitor not in contexts:
            contexts[room.visitor] = visit(browser, site, room.visitor, locale=LANGUAGES[language])
        page = contexts[room.visitor].new_page()
        page.goto(room.address.format(**addresses))
        for width, scheme in product(WIDTHS, SCHEMES):
            page.set_viewport_size({"width": width, "height": 900})
            page.emulate_media(color_scheme=scheme)
            page.evaluate(LOOK_THROUGH)
            settle(page)
            page.screenshot(path=FOLDER / f"{room.name}-{width}-{scheme}-{language}.png", full_page=True)
        page.close()
    for context in contexts.values():
        context.close()


if __name__ == "__main__":
    main()
