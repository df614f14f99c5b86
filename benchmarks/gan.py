"""Training against a plain loop with the same networks: `python -m benchmarks.gan COMMAND [PICTURES]`.

`speed` prints pictures a second of both, in turns in one run. `frechet` trains both for the same time, with several
seeds, and prints the distances to pictures held back. `switches` trains with each switch for stability turned.
PICTURES is a folder, zip or tar, as `python -m ml train-gan` takes it; without, they are drawn.
"""

from __future__ import annotations

import argparse
import time
from dataclasses import replace
from pathlib import Path
from statistics import mean, stdev
from typing import Any

import ml
from benchmarks.plain_gan import PlainTraining
from benchmarks.stylize import drawn
from ml.devices import choose_device, choose_precision, prepare
from ml.gan import Judge
from ml.gan_training import Training

ROUNDS, STEPS_A_ROUND = 8, 5
# What tutorials take.
PLAIN_BATCH = 64
SWITCHES: dict[str, dict[str, Any]] = {
    "as it stands": {},
    "no average of the generator": {"average": 0.0},
    "no augmentation": {"augment": False},
    "spectral norm": {"spectral_norm": True},
    "two time scales": {"discriminator_rate": 4e-4, "learning_rate": 1e-4},
}


def main() -> None:
    chosen = arguments()
    settings = ml.GanSettings(kind="single", size=chosen.size, batch=chosen.batch, augment=chosen.augment, judged=2000)
    images = ml.TrainingImages.read(chosen.pictures, settings) if chosen.pictures else drawn_images(settings)
    {"speed": speed, "frechet": frechet, "switches": switches}[chosen.command](images, settings, chosen)


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("command", choices=["speed", "frechet", "switches"])
    parser.add_argument("pictures", type=Path, nargs="?")
    parser.add_argument("--size", type=int, default=32)
    parser.add_argument("--batch", type=int, default=ml.GanSettings().batch)
    parser.add_argument("--augment", action=argparse.BooleanOptionalAction, default=False)
    parser.add_argument("--seconds", type=float, default=60, help="of training each, judging not counted (%(default)s)")
    parser.add_argument("--seeds", type=int, default=3)
    return parser.parse_args()


def drawn_images(settings: ml.GanSettings) -> ml.TrainingImages:
    return ml.TrainingImages.of([drawn(seed, settings.crop, settings.crop) for seed in range(500)], settings)


def speed(images: ml.TrainingImages, settings: ml.GanSettings, chosen: argparse.Namespace) -> None:
    """The fastest step of each, since whatever else the machine does only slows one down."""
    plain, own = PlainTraining(images, settings), trained(images, settings)
    fastest = {"plain": float("inf"), "own": float("inf")}
    for _ in range(ROUNDS):
        for name, training in (("plain", plain), ("own", own)):
            for _ in range(STEPS_A_ROUND):
                started = time.perf_counter()
                training.advance()
                fastest[name] = min(fastest[name], time.perf_counter() - started)
    print("loop   pictures a second")
    for name, seconds in fastest.items():
        print(f"{name:5}  {settings.batch / seconds:17.0f}")
    print(f"{fastest['plain'] / fastest['own']:.2f} times, in {own.precision}")


def frechet(images: ml.TrainingImages, settings: ml.GanSettings, chosen: argparse.Namespace) -> None:
    """The plain loop with the tutorials' batch and with ours, so that it shows what the batch alone is worth."""
    results: dict[str, list[float]] = {f"plain, {PLAIN_BATCH}": [], f"plain, {settings.batch}": [], "own": []}
    print(f"Fréchet distance after {chosen.seconds:.0f} s (steps)\nseed  " + "".join(f"{name:18}" for name in results))
    for seed in range(chosen.seeds):
        seeded = replace(settings, seed=seed)
        loops: list[PlainTraining | Training] = [
            PlainTraining(images, replace(seeded, batch=PLAIN_BATCH)),
            PlainTraining(images, seeded),
            trained(images, seeded),
        ]
        print(f"{seed:4}", end="", flush=True)
        for found, training in zip(results.values(), loops, strict=True):
            found.append(distance_after(training, chosen.seconds, images, seeded))
            print(f"  {found[-1]:7.1f} ({training.step:5})", end="", flush=True)
        print()
    print("mean" + "".join(f"  {mean(found):7.1f} ± {stdev(found):5.1f}" for found in results.values()))


def switches(images: ml.TrainingImages, settings: ml.GanSettings, chosen: argparse.Namespace) -> None:
    print(f"Fréchet distance after {chosen.seconds:.0f} s, mean over {chosen.seeds} seeds")
    for name, change in SWITCHES.items():
        found = []
        for seed in range(chosen.seeds):
            changed = replace(settings, **{"augment": True, "seed": seed, **change})
            found.append(distance_after(trained(images, changed), chosen.seconds, images, changed))
        print(f"{name:30} {mean(found):8.1f}", flush=True)


def trained(images: ml.TrainingImages, settings: ml.GanSettings) -> Training:
    device = choose_device()
    prepare(device)
    return Training(images, settings, device, choose_precision(device))


def distance_after(
    training: PlainTraining | Training, seconds: float, images: ml.TrainingImages, settings: ml.GanSettings
) -> float:
    started = time.perf_counter()
    while time.perf_counter() - started < seconds:
        training.advance()
    return Judge(images, settings, None)(training.kept).frechet


if __name__ == "__main__":
    main()
