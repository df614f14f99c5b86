"""What the arguments of the command line come to."""

from __future__ import annotations

import argparse
from dataclasses import fields
from pathlib import Path

from PIL import Image

import ml
from ml.errors import UsageError


def settings_of(chosen: argparse.Namespace) -> ml.Settings:
    given = {field.name: getattr(chosen, field.name) for field in fields(ml.Settings)}
    # What is not given is left to the preset; what comes in lists is kept in tuples.
    values = {name: tuple(value) if isinstance(value, list) else value for name, value in given.items()}
    return ml.Settings.for_preset(chosen.preset, **{name: value for name, value in values.items() if value is not None})


def generator_of(chosen: argparse.Namespace, settings: ml.Settings) -> ml.TrainedGenerator | None:
    """Raises UsageError where a generator is given that would not be used, or none that would."""
    if not chosen.generator:
        if settings.init == "gan" and not getattr(chosen, "start", None):
            raise UsageError(
                "the painting begins with a generator's picture; --generator FILE has to name its generator"
            )
        return None
    if settings.init != "gan":
        raise UsageError("--generator is used with --init gan alone")
    return ml.load_generator(chosen.generator, device=chosen.device)


def memory_of(chosen: argparse.Namespace) -> int | None:
    """Bytes, or None where nobody says."""
    return None if chosen.memory is None else round(chosen.memory * 2**30)


def read_picture(path: Path, ground: str = "white") -> Image.Image:
    """`ground` is what is seen where the picture is transparent. Raises UsageError with the file's name where it is
    none."""
    try:
        return ml.decode_picture(path, ground=ground)
    except ml.PictureError as error:
        raise UsageError(f"{path}: {error}") from error
    except FileNotFoundError as error:
        raise UsageError(f"{path} does not exist") from error
