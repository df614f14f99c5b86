"""Paintings beside those of the plain run: `python -m benchmarks.beside --pairs PHOTO:STYLE … -o FOLDER`.

Each pair is painted by the plain run of `plain` and by the engine's presets. Every painting is judged by a network that
neither was optimised for, and so is its grain: how much it changes between neighbouring pixels, over how much the style
picture does. Prints the means over all pairs, and writes into FOLDER the paintings, a sheet of each pair at full size,
and one of all pairs in small. A painting of the same size by the same engine that lies there already is not made anew,
so what was broken off goes on where it was.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable
from functools import partial
from pathlib import Path

import numpy as np
import torch
from PIL import Image

import ml
from benchmarks.opinion import SecondOpinion
from benchmarks.pairs import Pair
from benchmarks.plain import noise, plain_run
from benchmarks.quality import objective_at
from benchmarks.sheets import sheet, with_inset
from ml.provenance import VERSION
from ml.pyramid import brush_size, resampled
from ml.tensors import to_picture

# The long side of a painting on the sheet of all.
SMALL = 400


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pairs", nargs="+", required=True, metavar="PHOTO:STYLE")
    parser.add_argument("--size", type=int, default=512)
    parser.add_argument("--steps", type=int, default=300, help="iterations of the plain run (%(default)s)")
    parser.add_argument("--presets", nargs="+", choices=ml.PRESETS, default=["standard"])
    parser.add_argument("-o", "--output", type=Path, required=True)
    chosen = parser.parse_args()
    chosen.output.mkdir(parents=True, exist_ok=True)
    opinion = SecondOpinion()
    found, rows = [], []
    for pair in map(Pair.parse, chosen.pairs):
        stem = chosen.output / f"{pair.name}, {chosen.size} px, engine {VERSION}"
        paintings = {name: kept(paint, Path(f"{stem}, {name}.png")) for name, paint in painters(pair, chosen)}
        rows.append([with_inset(pair.photo_at(chosen.size), pair.style), *paintings.values()])
        names = ["photo and style", *paintings]
        sheet(names, rows[-1:], chosen.size).save(f"{stem}, beside each other.png")
        found.append([judged(painting, pair, opinion) for painting in paintings.values()])
        print(pair.name, "done", flush=True)
    sheet(names, rows, SMALL).save(chosen.output / "sheet.jpg", quality=80)
    print("painting        content   style   grain")
    for name, (content, style, grain) in zip(paintings, np.mean(found, axis=0), strict=True):
        print(f"{name:14}  {content:7.3f}  {style:6.4f}  {grain:6.2f}")


def painters(pair: Pair, chosen: argparse.Namespace) -> list[tuple[str, Callable[[], Image.Image]]]:
    """What is painted of a pair, by the names of the ways."""
    plain = partial(painted_plainly, pair, chosen.size, chosen.steps)
    settings = {name: ml.Settings.for_preset(name, size=chosen.size) for name in chosen.presets}
    presets = [(name, partial(ml.stylize, pair.photo, [pair.style], each)) for name, each in settings.items()]
    return [(f"plain {chosen.steps}", plain), *presets]


def painted_plainly(pair: Pair, size: int, steps: int) -> Image.Image:
    objective, _ = objective_at(pair, size)
    *_, last = plain_run(objective, noise(objective), steps)
    return to_picture(last.picture)


def kept(paint: Callable[[], Image.Image], path: Path) -> Image.Image:
    if not path.exists():
        paint().save(path)
    return Image.open(path).convert("RGB")


def judged(painting: Image.Image, pair: Pair, opinion: SecondOpinion) -> tuple[float, float, float]:
    """Content and style distance, and the grain."""
    found = opinion.of(painting, pair.photo, pair.style)
    style = resampled(pair.style, brush_size(pair.style.size, max(painting.size)))
    return found.content, found.style, grain(painting) / grain(style)


def grain(picture: Image.Image) -> float:
    """The mean change of brightness that a Laplacian finds at a pixel."""
    light = torch.from_numpy(np.asarray(picture.convert("L"), dtype=np.float32))
    around = light[:-2, 1:-1] + light[2:, 1:-1] + light[1:-1, :-2] + light[1:-1, 2:]
    return float((around - 4 * light[1:-1, 1:-1]).abs().mean())


if __name__ == "__main__":
    main()
