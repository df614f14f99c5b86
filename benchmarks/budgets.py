"""Whether paintings progress alike: `python -m benchmarks.budgets --pairs PHOTO:STYLE …`.

For each scale of each painting, how many evaluations it took until ten of them lowered the objective by less than so
many per cent. Where all pairs take as many, a fixed count is as good as a budget by measured progress.
"""

from __future__ import annotations

import argparse
from collections import defaultdict

import ml
from benchmarks.pairs import Pair

OVER = 10
FALLS = (0.03, 0.01, 0.003)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pairs", nargs="+", required=True, metavar="PHOTO:STYLE")
    parser.add_argument("--size", type=int, default=256)
    parser.add_argument("--preset", choices=ml.PRESETS, default="fine")
    chosen = parser.parse_args()
    settings = ml.Settings.for_preset(chosen.preset, size=chosen.size)
    print(f"evaluations until {OVER} of them lower the objective by less than {', '.join(f'{f:.1%}' for f in FALLS)}")
    for pair in map(Pair.parse, chosen.pairs):
        counts = [[slowed(losses, fall) for fall in FALLS] for losses in losses_by_scale(pair, settings)]
        print(f"{pair.name}: " + "; ".join(", ".join(map(str, count)) for count in counts), flush=True)


def losses_by_scale(pair: Pair, settings: ml.Settings) -> list[list[float]]:
    """The objective after each evaluation, coarse to fine."""
    losses: dict[int, list[float]] = defaultdict(list)
    ml.stylize(
        pair.photo, [pair.style], settings, observer=lambda progress: losses[progress.scale].append(progress.total)
    )
    return list(losses.values())


def slowed(losses: list[float], fall: float) -> int | None:
    """The first evaluation before which the last few lowered the objective by less than a share of `fall`."""
    return next((n for n in range(OVER, len(losses)) if losses[n] > losses[n - OVER] * (1 - fall)), None)


if __name__ == "__main__":
    main()
