"""The browser, and how it is started."""

from __future__ import annotations

import os
import shutil

# Sandboxing needs privileges that a container lacks, and nothing here may call home.
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


def chromium_path() -> str | None:
    return shutil.which(os.environ.get("CHROMIUM", "chromium"))
