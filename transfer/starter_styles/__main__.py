"""`python -m transfer.starter_styles [SLUG …] [-o FOLDER]`: draw the starter styles anew."""

from __future__ import annotations

import argparse
import io
from importlib import import_module
from pathlib import Path

import numpy as np
from PIL import Image

from transfer.starter_styles import IMAGES, STARTER_STYLES

SIZE = 1024
MAX_BYTES = 300_000
SEED = 2016
QUALITIES = range(92, 40, -4)


def main() -> None:
    known = [style.slug for style in STARTER_STYLES]
    parser = argparse.ArgumentParser(prog="python -m transfer.starter_styles", description=__doc__)
    parser.add_argument("slugs", nargs="*", metavar="SLUG", help=f"some of: {', '.join(known)}")
    parser.add_argument("-o", "--output", type=Path, default=IMAGES, metavar="FOLDER")
    chosen = parser.parse_args()
    if unknown := set(chosen.slugs) - set(known):
        parser.error(f"no such style: {', '.join(sorted(unknown))}")
    chosen.output.mkdir(parents=True, exist_ok=True)
    for slug in chosen.slugs or known:
        path = chosen.output / f"{slug}.jpg"
        path.write_bytes(encoded(drawn(slug, SIZE)))
        print(f"{path}: {path.stat().st_size // 1000} kB")


def drawn(slug: str, size: int) -> Image.Image:
    """The style's picture, `size` pixels square; always the same one."""
    picture: Image.Image = import_module(f"transfer.starter_styles.{slug}").draw(size, np.random.default_rng(SEED))
    return picture


def encoded(picture: Image.Image) -> bytes:
    """The picture as a JPEG of at most MAX_BYTES, at the best quality that fits."""
    for quality in QUALITIES:
        buffer = io.BytesIO()
        picture.save(buffer, "JPEG", quality=quality, optimize=True, progressive=True)
        if buffer.tell() <= MAX_BYTES:
            return buffer.getvalue()
    raise ValueError(f"the picture is larger than {MAX_BYTES} bytes at quality {QUALITIES[-1]}")


if __name__ == "__main__":
    main()
