"""How near a painting comes to where it would settle: `python -m benchmarks.settling PHOTO STYLE`.

The lowest value that a painting of ten times the evaluations of a preset finds says where the engine's own objective
settles. Printed is how far above that each preset's lowest value is, and the seconds after which a painting was within
two per cent of it; then the same of twice the evaluations, as they are and with one thing changed at a time.
"""

from __future__ import annotations

import argparse
from dataclasses import dataclass, field, replace
from pathlib import Path

import ml
from benchmarks.pairs import Pair

LONGER = 10
NEAR = 0.02


@dataclass
class Run:
    """A painting with the objective's values at its full size, as the engine reports them."""

    settings: ml.Settings
    precision: str = "auto"
    evaluations: int = 0
    seconds: list[float] = field(default_factory=list)
    values: list[float] = field(default_factory=list)

    def paint(self, pair: Pair) -> Run:
        network = ml.load_network(precision=self.precision)
        ml.stylize(pair.photo, [pair.style], self.settings, network=network, observer=self._see)
        return self

    def _see(self, progress: ml.Progress) -> None:
        self.evaluations = progress.step
        if progress.scale == len(self.settings.long_sides) - 1:
            self.seconds.append(progress.seconds)
            self.values.append(progress.total)

    @property
    def best(self) -> float:
        return min(self.values)

    def seconds_to(self, value: float) -> float | None:
        reached = (seconds for seconds, found in zip(self.seconds, self.values, strict=True) if found <= value)
        return next(reached, None)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("photo", type=Path)
    parser.add_argument("style", type=Path)
    parser.add_argument("--size", type=int, default=256)
    parser.add_argument("--preset", choices=ml.PRESETS, default="standard")
    chosen = parser.parse_args()
    pair = Pair.read(chosen.photo, chosen.style)
    settings = ml.Settings.for_preset(chosen.preset, size=chosen.size)
    settled = Run(longer(settings, LONGER)).paint(pair)
    print("painting               evaluations  seconds  ends above  within 2 % after")
    print(row(f"{LONGER} times {chosen.preset}", settled, settled.best))
    for name, run in runs(chosen.preset, settings):
        print(row(name, run.paint(pair), settled.best), flush=True)


def runs(preset: str, settings: ml.Settings) -> list[tuple[str, Run]]:
    presets = [(name, Run(ml.Settings.for_preset(name, size=settings.size))) for name in ml.PRESETS]
    twice = longer(settings, 2)
    return [
        *presets,
        (f"twice {preset}", Run(twice)),
        ("… in float32", Run(twice, precision="fp32")),
        ("… from noise", Run(replace(twice, init="noise"))),
        ("… at full size alone", Run(replace(twice, coarsest=twice.size, coarse_steps=twice.total_steps))),
    ]


def longer(settings: ml.Settings, times: int) -> ml.Settings:
    return replace(settings, coarse_steps=times * settings.coarse_steps, fine_steps=times * settings.fine_steps)


def row(name: str, run: Run, settled: float) -> str:
    near = run.seconds_to((1 + NEAR) * settled)
    after = f"{near:.1f} s" if near is not None else "not"
    above = run.best / settled - 1
    return f"{name:22} {run.evaluations:11}  {run.seconds[-1]:7.1f}  {above:10.1%}  {after:>16}"


if __name__ == "__main__":
    main()
