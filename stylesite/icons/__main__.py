"""`python -m stylesite.icons [FOLDER]`: draw the site's mark in every size and shape that is wanted."""

from __future__ import annotations

import sys
from pathlib import Path

from stylesite.icons import ICONS, STATIC, drawn


def main() -> None:
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else STATIC / "icons"
    folder.mkdir(parents=True, exist_ok=True)
    for icon in ICONS:
        path = folder / f"{icon.name}.png"
        drawn(icon).save(path, optimize=True)
        print(f"{path}: {path.stat().st_size} bytes")


if __name__ == "__main__":
    main()
