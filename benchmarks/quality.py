"""Time to quality: `python -m benchmarks.quality PHOTO STYLE`.

The plain run of `plain` sets the marks: the objective's values after a tenth, a third and all of its iterations. It is
run again from the photo, which tells what the start alone is worth. Then the engine's way of minimising is put to the
very same objective, and again with one thing about it changed at a time; printed are seconds and evaluations to each
mark. All values are taken at full size in float32, off the clock.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import cast

import torch
from torch import Tensor
from torch.nn import functional

import ml
from benchmarks.line_search import SearchingLBFGS
from benchmarks.pairs import Pair
from benchmarks.plain import PlainObjective, noise, plain_run
from ml import losses
from ml.features import FeatureNetwork
from ml.lbfgs import HISTORY, LBFGS
from ml.preconditioner import SpectralPreconditioner
from ml.pyramid import long_sides

COARSEST = 128
# Evaluations at the smallest scale, and at the last but one; between them a geometric series.
COARSE_STEPS, FINE_STEPS = 60, 30
STREWN, NOISE = 0.05, 0.25
# Evaluations at full size between two looks at the objective.
LOOK_EVERY = 5
# A way that has not come to the last mark by then does not come to it.
MOST_STEPS = 400


@dataclass(frozen=True)
class Way:
    """How to minimise."""

    name: str
    coarse_to_fine: bool = False
    preconditioned: bool = True
    precision: str | None = "auto"
    """The engine's; none: it evaluates as the plain run does."""
    from_photo: bool = True
    line_search: bool = False
    history: int = HISTORY


ENGINE = Way("the engine")
CHANGED = (
    replace(ENGINE, name="no preconditioner", preconditioned=False),
    replace(ENGINE, name="float32", precision="fp32"),
    replace(ENGINE, name="plain evaluations", precision=None),
    replace(ENGINE, name="from noise", from_photo=False),
    replace(ENGINE, name="coarse to fine", coarse_to_fine=True),
    replace(ENGINE, name="30 pairs", history=30),
    replace(ENGINE, name="line search", line_search=True),
)


@dataclass(frozen=True)
class Look:
    """A glance at a run: since its start, and the objective at full size."""

    seconds: float
    evaluations: int
    value: float


class EngineObjective(PlainObjective):
    """The same value in the engine's arithmetic: its convolutions, in its precision, and its Gram matrices."""

    def convolved(self, x: Tensor, layer: str) -> Tensor:
        x = x.to(self.network.precision.dtype, memory_format=torch.channels_last)
        if layer == "conv1_1":
            x = functional.pad(x, (1, 1, 1, 1))
        return cast(Tensor, self.network.get_submodule(layer)(x))

    def gram(self, features: Tensor) -> Tensor:
        return losses.gram(features)[0] / features.shape[1]


def objective_at(pair: Pair, size: int, precision: str | None = None) -> tuple[PlainObjective, Tensor]:
    """The objective at a long side of `size`, evaluated plainly, or by the engine in a precision; and the photo."""
    network = network_in(precision)
    photo, style = pair.at(size, network.device)
    return (EngineObjective if precision else PlainObjective)(network, photo, style), photo


def network_in(precision: str | None) -> FeatureNetwork:
    """Loaded once; plainly, in float32."""
    return ml.load_network(device="cpu", precision=precision or "fp32")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("photo", type=Path)
    parser.add_argument("style", type=Path)
    parser.add_argument("--size", type=int, default=512)
    parser.add_argument("--steps", type=int, default=1000, help="iterations of the plain run (%(default)s)")
    parser.add_argument("--changes", action=argparse.BooleanOptionalAction, default=True)
    chosen = parser.parse_args()
    pair = Pair.read(chosen.photo, chosen.style)
    plain = list(plain_looks(pair, chosen.size, chosen.steps))
    marks = [plain[chosen.steps // part - 1].value for part in (10, 3, 1)]
    print("seconds (evaluations) to   " + "".join(f"{mark:>18,.0f}" for mark in marks))
    print(row("plain", plain, marks), flush=True)
    if chosen.changes:
        looks = plain_looks(pair, chosen.size, chosen.steps, from_photo=True)
        print(row("plain, from the photo", until(marks[-1], looks), marks), flush=True)
    for way in (ENGINE, *CHANGED) if chosen.changes else (ENGINE,):
        looks = engine_looks(pair, chosen.size, way)
        print(row(way.name, until(marks[-1], looks), marks), flush=True)


def plain_looks(pair: Pair, size: int, steps: int, from_photo: bool = False) -> Iterator[Look]:
    objective, photo = objective_at(pair, size)
    start = 255 * photo - objective.mean if from_photo else noise(objective)
    for step, found in enumerate(plain_run(objective, start, steps), 1):
        yield Look(found.seconds, step, found.value)


def engine_looks(pair: Pair, size: int, way: Way) -> Iterator[Look]:
    """A look at every few evaluations at full size."""
    full, _ = objective_at(pair, size)
    network_in(way.precision)  # Not on the clock.
    sides = long_sides(size, COARSEST) if way.coarse_to_fine else (size,)
    clock = Clock()
    image: Tensor | None = None
    evaluations = 0
    for side, steps in zip(sides, _steps(len(sides)), strict=True):
        with clock:
            objective, photo = objective_at(pair, side, way.precision)
            image = _start(photo, way) if image is None else _enlarged(image, photo)
            height, width = photo.shape[-2:]
            preconditioner = SpectralPreconditioner(height, width, photo.device) if way.preconditioned else None
            method = SearchingLBFGS if way.line_search else LBFGS
            optimiser = method(image.flatten(), way.history, preconditioner)
        for step in range(1, steps + 1):
            with clock:
                evaluation = objective.evaluate(optimiser.proposal.view(photo.shape))
                optimiser.tell(evaluation.total, evaluation.gradient.flatten())
                image = optimiser.accepted.view(photo.shape)
            evaluations += 1
            if side == size and step % LOOK_EVERY == 0:
                with torch.no_grad():
                    yield Look(clock.seconds, evaluations, float(torch.stack(full.terms(image)).sum()))


def until(mark: float, looks: Iterator[Look]) -> list[Look]:
    """The looks as far as the first at or below `mark`."""
    taken = []
    for look in looks:
        taken.append(look)
        if look.value <= mark:
            break
    return taken


class Clock:
    """Counts the seconds within its `with` blocks."""

    def __init__(self) -> None:
        self.seconds = 0.0

    def __enter__(self) -> None:
        self.started = time.perf_counter()

    def __exit__(self, *_: object) -> None:
        self.seconds += time.perf_counter() - self.started


def row(name: str, looks: list[Look], marks: list[float]) -> str:
    """The first look at or below each mark."""
    cells = []
    for mark in marks:
        reached = next((look for look in looks if look.value <= mark), None)
        cells.append(f"{reached.seconds:10.0f} ({reached.evaluations:4})" if reached else "             never")
    return f"{name:25}" + "".join(f"{cell:>18}" for cell in cells)


def _steps(scales: int) -> list[int]:
    coarse = [round(COARSE_STEPS * (FINE_STEPS / COARSE_STEPS) ** (k / max(1, scales - 2))) for k in range(scales - 1)]
    return [*coarse, MOST_STEPS]


def _start(photo: Tensor, way: Way) -> Tensor:
    noise = torch.randn(photo.shape, generator=torch.Generator().manual_seed(0))
    return (photo + STREWN * noise if way.from_photo else 0.5 + NOISE * noise).clamp(0, 1)


def _enlarged(image: Tensor, photo: Tensor) -> Tensor:
    return functional.interpolate(image, size=photo.shape[-2:], mode="bicubic", align_corners=False).clamp(0, 1)


if __name__ == "__main__":
    main()
