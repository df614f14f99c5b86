"""What a painting gains from where it starts: `python -m benchmarks.starts GENERATOR --pairs PHOTO:STYLE … -o FOLDER`.

Each pair is painted from the photo, from noise, and from the generator's picture in several shares and colours, all
else equal. Prints, relative to the start from the photo, the objective at the last scale after some evaluations and at
the end; how far the paintings of two seeds differ; and writes the paintings, and all of them on one sheet, into FOLDER.
"""

from __future__ import annotations

import argparse
from dataclasses import replace
from pathlib import Path

import numpy as np
from PIL import Image

import ml
from benchmarks.pairs import Pair
from benchmarks.sheets import sheet

STARTS: dict[str, dict[str, object]] = {
    "photo": {"init": "photo"},
    "noise": {"init": "noise"},
    "GAN, a quarter": {"init": "gan", "gan_strength": 0.25},
    "GAN, half": {"init": "gan", "gan_strength": 0.5},
    "GAN, whole": {"init": "gan", "gan_strength": 1.0},
    "GAN, whole, own colours": {"init": "gan", "gan_strength": 1.0, "gan_colours": "own"},
}
AFTER = (1, 5, 10)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("generator", type=Path)
    parser.add_argument("--pairs", nargs="+", required=True, metavar="PHOTO:STYLE")
    parser.add_argument("--size", type=int, default=256)
    parser.add_argument("--preset", choices=ml.PRESETS, default="draft")
    parser.add_argument("-o", "--output", type=Path, required=True)
    chosen = parser.parse_args()
    chosen.output.mkdir(parents=True, exist_ok=True)
    generator = ml.load_generator(chosen.generator)
    settings = ml.Settings.for_preset(chosen.preset, size=chosen.size)
    runs, rows_of_sheet = [], []
    for pair in map(Pair.parse, chosen.pairs):
        figures, paintings = compared(pair, settings, generator)
        runs.append(figures)
        rows_of_sheet.append(paintings)
        for start, painting in zip(STARTS, paintings, strict=True):
            painting.save(chosen.output / f"{pair.name}, {start}.png")
    sheet(list(STARTS), rows_of_sheet, chosen.size).save(chosen.output / "sheet.jpg", quality=92)
    print(f"{'start':24}" + "".join(f"  after {step:2}" for step in AFTER) + "    at end   two seeds differ by")
    for number, start in enumerate(STARTS):
        rows = np.array([run[number] for run in runs])
        curve = rows[:, :-1] / np.array([run[0][:-1] for run in runs])
        print(f"{start:24}" + "".join(f"  {value:8.3f}" for value in curve.mean(0)) + f"  {rows[:, -1].mean():12.1f}")


def compared(
    pair: Pair, settings: ml.Settings, generator: ml.TrainedGenerator
) -> tuple[list[list[float]], list[Image.Image]]:
    """For each start the objective after some evaluations and at the end with the difference of two seeds; and the
    painting."""
    rows, paintings = [], []
    for change in STARTS.values():
        first, curve = painted(pair, replace(settings, seed=1, **change), generator)  # type: ignore[arg-type]
        second, _ = painted(pair, replace(settings, seed=2, **change), generator)  # type: ignore[arg-type]
        difference = np.abs(np.asarray(first, float) - np.asarray(second, float)).mean()
        rows.append([*curve, float(difference)])
        paintings.append(first)
    return rows, paintings


def painted(pair: Pair, settings: ml.Settings, generator: ml.TrainedGenerator) -> tuple[Image.Image, list[float]]:
    """The painting, and its objective at the last scale after `AFTER` evaluations and at the end."""
    totals: list[float] = []

    def observe(progress: ml.Progress) -> None:
        if progress.scale == progress.scales - 1:
            totals.append(progress.total)

    picture = ml.stylize(pair.photo, [pair.style], settings, generator=generator, observer=observe)
    return picture, [totals[step - 1] for step in AFTER] + [totals[-1]]


if __name__ == "__main__":
    main()
