"""The browser: how it is started, and when a page stands still."""

from __future__ import annotations

import os
import shutil

from playwright.sync_api import Page

# Sandboxing needs privileges that a container lacks, and nothing here may call home.
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
# The admin's own style sheets move all the same, one element after the other where they inherit it.
SETTLED = """async () => {
    do {
        await new Promise(requestAnimationFrame);
        await Promise.allSettled(document.getAnimations().map((one) => one.finished));
    } while (document.getAnimations().length);
}"""


def chromium_path() -> str | None:
    return shutil.which(os.environ.get("CHROMIUM", "chromium"))


def settle(page: Page) -> None:
    """Wait until the page looks as it will."""
    page.evaluate(SETTLED)
