"""Which statistic paints better, or which pooling: `python -m benchmarks.pictures --pairs PHOTO:STYLE … -o FOLDER`.

Each pair is painted with each of them in several strengths, all else equal, and judged by a network that no painting
was optimised for. Of two the one with less style distance at equal content distance is the better. Prints the means
over all pairs, and writes the paintings into FOLDER.
"""

from __future__ import annotations

import argparse
import time
from pathlib import Path

import numpy as np

import ml
from benchmarks.opinion import SecondOpinion
from benchmarks.pairs import Pair
from ml.layers import POOLINGS
from ml.settings import STATISTICS

COMPARED = {"statistic": STATISTICS, "pooling": POOLINGS}
STRENGTHS = (0.25, 0.5, 1.0, 2.0, 4.0)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pairs", nargs="+", required=True, metavar="PHOTO:STYLE")
    parser.add_argument("--compare", choices=COMPARED, default="statistic")
    parser.add_argument("--size", type=int, default=256)
    parser.add_argument("--preset", choices=ml.PRESETS, default="standard")
    parser.add_argument("--strengths", type=float, nargs="+", default=STRENGTHS)
    parser.add_argument("-o", "--output", type=Path, required=True)
    chosen = parser.parse_args()
    chosen.output.mkdir(parents=True, exist_ok=True)
    pairs = [Pair.parse(text) for text in chosen.pairs]
    opinion = SecondOpinion()
    print(f"{chosen.compare:9}  strength  content   style  seconds")
    for way in COMPARED[chosen.compare]:
        for strength in chosen.strengths:
            overrides = {"size": chosen.size, "style_weight": strength, chosen.compare: way}
            settings = ml.Settings.for_preset(chosen.preset, **overrides)
            paths = [chosen.output / f"{pair.name}, {way} {strength:g}.png" for pair in pairs]
            found = [judged(pair, settings, opinion, path) for pair, path in zip(pairs, paths, strict=True)]
            content, style, seconds = np.mean(found, axis=0)
            print(f"{way:9}  {strength:8g}  {content:7.3f}  {style:6.4f}  {seconds:7.1f}", flush=True)


def judged(pair: Pair, settings: ml.Settings, opinion: SecondOpinion, path: Path) -> tuple[float, float, float]:
    """Content distance, style distance, and the seconds it took to paint."""
    started = time.perf_counter()
    painting = ml.stylize(pair.photo, [pair.style], settings)
    seconds = time.perf_counter() - started
    painting.save(path)
    found = opinion.of(painting, pair.photo, pair.style)
    return found.content, found.style, seconds


if __name__ == "__main__":
    main()
