"""`python -m gallery.house_works [SLUG …]`: paint the house's works anew, one after the other, some minutes each."""

from __future__ import annotations

import argparse
import io
import subprocess
import sys
import tempfile
from pathlib import Path

from PIL import Image

from gallery.house_works import HOUSE_WORKS, IMAGES, SIZE, HouseWork
from transfer.starter_styles import image_path

MAX_BYTES = 50_000
QUALITIES = range(90, 30, -4)


def main() -> None:
    known = [work.slug for work in HOUSE_WORKS]
    parser = argparse.ArgumentParser(prog="python -m gallery.house_works", description=__doc__)
    parser.add_argument("slugs", nargs="*", metavar="SLUG", help=f"some of: {', '.join(known)}")
    chosen = parser.parse_args().slugs or known
    if unknown := set(chosen) - set(known):
        parser.error(f"no such work: {', '.join(sorted(unknown))}")
    IMAGES.mkdir(exist_ok=True)
    for work in HOUSE_WORKS:
        if work.slug in chosen:
            work.path.write_bytes(encoded(painted(work)))
            print(f"{work.path}: {work.path.stat().st_size // 1000} kB", flush=True)


def painted(work: HouseWork) -> Image.Image:
    """By the engine's own command, which a person could type."""
    with tempfile.TemporaryDirectory() as folder:
        result = Path(folder) / "painting.png"
        command = [sys.executable, "-m", "ml", "stylize", work.sample.path, image_path(work.style), "--output", result]
        command += ["--preset", work.preset, "--size", SIZE, "--seed", work.seed, "--colours", work.colours]
        subprocess.run(list(map(str, command)), check=True)
        with Image.open(result) as picture:
            return picture.convert("RGB")


def encoded(picture: Image.Image) -> bytes:
    """The picture as a WebP of at most MAX_BYTES, at the best quality that fits."""
    for quality in QUALITIES:
        buffer = io.BytesIO()
        picture.save(buffer, "WEBP", quality=quality, method=6)
        if buffer.tell() <= MAX_BYTES:
            return buffer.getvalue()
    raise ValueError(f"the picture is larger than {MAX_BYTES} bytes at quality {QUALITIES[-1]}")


if __name__ == "__main__":
    main()
