"""What the preconditioner is worth: `python -m benchmarks.convergence PHOTO STYLE`.

The same start and objective are minimised at one size without it and with it, in turns, so that both feel the same
machine. Prints the objective after every ten evaluations, and then how many evaluations each took to the value that
both reach, and the seconds an evaluation with all that belongs to it.
"""

from __future__ import annotations

import argparse
import time
from dataclasses import dataclass, field
from pathlib import Path

import torch

import ml
from benchmarks.pairs import Pair
from ml.frame import framed
from ml.lbfgs import LBFGS
from ml.objective import Objective
from ml.preconditioner import SpectralPreconditioner

NOISE = 0.15


@dataclass
class Run:
    """One of the two optimisers, with the values it found and the time it took."""

    optimiser: LBFGS
    losses: list[float] = field(default_factory=list)
    seconds: float = 0.0

    def step(self, objective: Objective, shape: torch.Size) -> None:
        started = time.perf_counter()
        evaluation = objective.evaluate(self.optimiser.proposal.view(shape))
        self.optimiser.tell(evaluation.total, evaluation.gradient.flatten())
        self.seconds += time.perf_counter() - started
        self.losses.append(self.optimiser.loss)

    def evaluations_to(self, value: float) -> int:
        return next(count for count, loss in enumerate(self.losses, 1) if loss <= value)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("content", type=Path)
    parser.add_argument("style", type=Path)
    parser.add_argument("--size", type=int, default=256)
    parser.add_argument("--steps", type=int, default=100)
    chosen = parser.parse_args()
    network = ml.load_network()
    photo, style = Pair.read(chosen.content, chosen.style).at(chosen.size, network.device)
    objective = Objective(network, photo, [(1.0, style)], ml.Settings(size=chosen.size))
    noise = torch.randn(photo.shape, generator=torch.Generator().manual_seed(0)).to(photo.device)
    start = framed((photo + NOISE * noise).clamp(0, 1))
    spectral = SpectralPreconditioner(start.shape[-2], start.shape[-1], start.device)
    without, with_it = Run(LBFGS(start.flatten())), Run(LBFGS(start.flatten(), preconditioner=spectral))
    print("evaluations  without     with")
    for step in range(1, chosen.steps + 1):
        for run in (without, with_it):
            run.step(objective, start.shape)
        if step % 10 == 0:
            print(f"{step:11}  {without.losses[-1]:7.4f}  {with_it.losses[-1]:7.4f}", flush=True)
    value = max(min(run.losses) for run in (without, with_it))
    print(
        f"\nto {value:.4f}: {without.evaluations_to(value)} evaluations without, {with_it.evaluations_to(value)} with"
    )
    print(f"seconds each: {without.seconds / chosen.steps:.3f} without, {with_it.seconds / chosen.steps:.3f} with")


if __name__ == "__main__":
    main()
