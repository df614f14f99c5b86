"""What a painting gains from where it starts: `python -m benchmarks.starts GENERATOR --pairs PHOTO:STYLE … -o FOLDER`.

Each pair is painted from the photo, from noise, and from the generator's picture in several shares and colours, all
else equal. Prints, relative to the start from the photo, the objective at the last scale after some evaluations and at
the end; how far the paintings of two seeds differ; and writes the pictures, a row a pair, into FOLDER.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
from PIL import Image

import ml

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
    runs = [compared(pair, settings, generator, chosen.output) for pair in chosen.pairs]
    print(f"{'start':24}" + "".join(f"  after {step:2}" for step in AFTER) + "    at end   two seeds differ by")
    for number, start in enumerate(STARTS):
        rows = np.array([run[number] for run in runs])
        curve = rows[:, :-1] / np.array([run[0][:-1] for run in runs])
        print(f"{start:24}" + "".join(f"  {value:8.3f}" for value in curve.mean(0)) + f"  {rows[:, -1].mean():12.1f}")


def compared(pair: str, settings: ml.Settings, generator: ml.TrainedGenerator, folder: Path) -> list[list[float]]:
    """For each start the objective after some evaluations and at the end, and the difference of two seeds."""
    content, style = (ml.decode_picture(Path(path)) for path in pair.split(":"))
    rows, paintings = [], []
    for change in STARTS.values():
        first, curve = painted(content, style, replace(settings, seed=1, **change), generator)  # type: ignore[arg-type]
        second, _ = painted(content, style, replace(settings, seed=2, **change), generator)  # type: ignore[arg-type]
        difference = np.abs(np.asarray(first, float) - np.asarray(second, float)).mean()
        rows.append([*curve, float(difference)])
        paintings.append(first)
    names = [Path(path).stem for path in pair.split(":")]
    side_by_side(paintings).save(folder / f"{'-'.join(names)}.png")
    return rows


def painted(
    content: Image.Image, style: Image.Image, settings: ml.Settings, generator: ml.TrainedGenerator
) -> tuple[Image.Image, list[float]]:
    """The painting, and its objective at the last scale after `AFTER` evaluations and at the end."""
    totals: list[float] = []

    def observe(progress: ml.Progress) -> None:
        if progress.scale == progress.scales - 1:
            totals.append(progress.total)

    picture = ml.stylize(content, [style], settings, generator=generator, observer=observe)
    return picture, [totals[step - 1] for step in AFTER] + [totals[-1]]


def side_by_side(pictures: Sequence[Image.Image]) -> Image.Image:
    row = Image.new("RGB", (sum(picture.width for picture in pictures), pictures[0].height))
    left = 0
    for picture in pictures:
        row.paste(picture, (left, 0))
        left += picture.width
    return row


if __name__ == "__main__":
    main()
