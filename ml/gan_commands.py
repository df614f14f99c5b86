"""`python -m ml train-gan` and `python -m ml sample`."""

from __future__ import annotations

import argparse
import signal
import sys
from dataclasses import fields
from pathlib import Path

import ml
from ml import ranks
from ml.errors import UsageError
from ml.interruption import Interrupted, Interruption
from ml.outputs import check_folder, check_picture_path, check_spared, save_picture
from ml.terminal import say, training_bar_on


def train_gan(chosen: argparse.Namespace) -> None:
    settings = ml.GanSettings(**{field.name: getattr(chosen, field.name) for field in fields(ml.GanSettings)})
    run = _run_folder(chosen)
    images = ml.TrainingImages.read(chosen.pictures, settings)
    with ranks.joined(chosen.device) as device, Interruption() as interruption:
        _report(f"{images.count} pictures, {images.skipped} other files skipped")
        try:
            ml.train_gan(
                images,
                settings,
                chosen.output,
                run=run,
                about={name: getattr(chosen, name) for name in ("name", "data", "licence")},
                observer=training_bar_on(sys.stderr) if sys.stderr.isatty() else None,
                should_stop=interruption.asked,
                device=device,
                precision=chosen.precision,
            )
        except ml.Stopped as stopped:
            # Of several processes all stop, though one alone may have had the signal.
            number = interruption.signal or signal.SIGTERM
            raise Interrupted(f"{stopped}; --resume goes on with it", number) from stopped
        kept = ml.load_generator(chosen.output, device="cpu").metrics
        _report(f"{chosen.output}: of step {kept['step']:.0f}, at a Fréchet distance of {kept['frechet']:.4g}")


def sample(chosen: argparse.Namespace) -> None:
    check_picture_path(chosen.output)
    check_spared([chosen.model], [chosen.output])
    generator = ml.load_generator(chosen.model, device=chosen.device)
    if chosen.sheet:
        picture = ml.sample_sheet(generator, chosen.seed)
    else:
        picture = ml.sample(generator, chosen.width, chosen.height, chosen.seed)
    save_picture(picture, chosen.output)


def _run_folder(chosen: argparse.Namespace) -> Path:
    """Where the run leaves what it makes. Nobody's earlier run is gone on with, or written over, unasked."""
    if chosen.output.suffix != ".safetensors":
        raise UsageError(f"{chosen.output} does not end in .safetensors")
    check_folder(chosen.output)
    if chosen.pictures.resolve() in chosen.output.resolve().parents:
        raise UsageError(f"{chosen.output} lies among the pictures, where its run would too; choose another folder")
    run: Path = chosen.output.with_suffix(".run")
    if chosen.output.exists() and not run.exists():
        raise UsageError(f"{chosen.output} exists, and not its run; choose another name")
    if run.exists() and not chosen.resume:
        raise UsageError(f"{run} holds an earlier run; --resume goes on with it, or choose another name")
    if chosen.resume and not run.exists():
        raise UsageError(f"there is no run in {run} to go on with")
    return run


def _report(sentence: str) -> None:
    if ranks.rank() == 0:
        say(sentence, sys.stderr)
