"""What the registry keeps of a trained generator: its file, and pictures by it for people to judge and to choose by."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.core.files.base import ContentFile
from PIL import Image, ImageOps

import ml
from transfer.uploads import as_webp

SAMPLE_SIZE = (480, 320)
SAMPLE_SEED = 1


@dataclass(frozen=True)
class Trained:
    """A trained generator as its row has it."""

    digest: str
    metrics: dict[str, float]
    settings: ml.GanSettings
    files: dict[str, ContentFile[bytes]]
    """By the names of the row's fields: weights, sheet, sample."""


def read_trained(path: Path) -> Trained:
    """The generator in `path`. Raises `ml.GeneratorError`."""
    generator = ml.load_generator(path, device=settings.DEVICE)
    sheet = ml.sample_sheet(generator)
    files = {
        "weights": ContentFile(path.read_bytes(), name=f"{uuid.uuid4().hex}.safetensors"),
        "sheet": as_webp(sheet, max(sheet.size)),
        "sample": as_webp(_sample(generator, sheet), max(SAMPLE_SIZE)),
    }
    return Trained(generator.digest, generator.metrics, generator.settings, files)


def _sample(generator: ml.TrainedGenerator, sheet: Image.Image) -> Image.Image:
    """A wide picture by a field generator; a single one makes none, so a part of its sheet stands for it."""
    if generator.settings.kind == "single":
        return ImageOps.fit(sheet, SAMPLE_SIZE)
    return ml.sample(generator, *SAMPLE_SIZE, SAMPLE_SEED)
