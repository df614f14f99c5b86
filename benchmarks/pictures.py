"""Which statistic paints better: `python -m benchmarks.pictures --pairs PHOTO:STYLE … -o FOLDER`.

Each pair is painted with each statistic in several strengths, all else equal, and judged by a network that no painting
was optimised for. Of two statistics the one with less style distance at equal content distance is the better. Prints
the means over all pairs, and writes the paintings into FOLDER.
"""

from __future__ import annotations

import argparse
import time
from pathlib import Path

import numpy as np

import ml
from benchmarks.opinion import SecondOpinion
from benchmarks.pairs import Pair
from ml.settings import STATISTICS

STRENGTHS = (0.25, 0.5, 1.0, 2.0, 4.0)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pairs", nargs="+", required=True, metavar="PHOTO:STYLE")
    parser.add_argument("--size", type=int, default=256)
    parser.add_argument("--preset", choices=ml.PRESETS, default="standard")
    parser.add_argument("--strengths", type=float, nargs="+", default=STRENGTHS)
    parser.add_argument("-o", "--output", type=Path, required=True)
    chosen = parser.parse_args()
    chosen.output.mkdir(parents=True, exist_ok=True)
    pairs = [Pair.parse(text) for text in chosen.pairs]
    opinion = SecondOpinion()
    print("statistic  strength  content   style  seconds")
    for statistic in STATISTICS:
        for strength in chosen.strengths:
            settings = ml.Settings.for_preset(
                chosen.preset, size=chosen.size, statistic=statistic, style_weight=strength
            )
            found = [judged(pair, settings, opinion, chosen.output) for pair in pairs]
            content, style, seconds = np.mean(found, axis=0)
            print(f"{statistic:9}  {strength:8g}  {content:7.3f}  {style:6.4f}  {seconds:7.1f}", flush=True)


def judged(pair: Pair, settings: ml.Settings, opinion: SecondOpinion, folder: Path) -> tuple[float, float, float]:
    """Content distance, style distance, and the seconds it took to paint."""
    started = time.perf_counter()
    painting = ml.stylize(pair.photo, [pair.style], settings)
    seconds = time.perf_counter() - started
    painting.save(folder / f"{pair.name}, {settings.statistic} {settings.style_weight:g}.png")
    found = opinion.of(painting, pair.photo, pair.style)
    return found.content, found.style, seconds


if __name__ == "__main__":
    main()
