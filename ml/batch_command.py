"""`python -m ml batch`."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from PIL import Image

import ml
from ml.chosen import generator_of, memory_of, read_picture, settings_of
from ml.errors import UsageError
from ml.features import FeatureNetwork
from ml.outputs import save_picture
from ml.provenance import Record


def batch(chosen: argparse.Namespace) -> None:
    """Paint each photo, and say of each where it is; one that cannot be painted does not hold up the others."""
    if chosen.at_once < 1:
        raise UsageError(f"--at-once is {chosen.at_once}; it must be 1 or more")
    files, atelier = _files(chosen.photos, chosen.output), Atelier.of(chosen)
    chosen.output.mkdir(parents=True, exist_ok=True)
    failed = 0
    for start in range(0, len(files), chosen.at_once):
        for each, error in atelier.paint(files[start : start + chosen.at_once]):
            failed += error is not None
            sys.stderr.write(f"ml: {each.photo}: {error or each.painting}\n")
    if failed:
        raise UsageError(f"{failed} of {len(files)} photos could not be painted")


@dataclass(frozen=True)
class Files:
    """A photo, and where its painting goes."""

    photo: Path
    painting: Path


@dataclass(frozen=True)
class Atelier:
    """All that the paintings of a batch have in common."""

    styles: list[Image.Image]
    settings: ml.Settings
    generator: ml.TrainedGenerator | None
    network: FeatureNetwork
    memory: int | None

    @classmethod
    def of(cls, chosen: argparse.Namespace) -> Atelier:
        settings = settings_of(chosen)
        return cls(
            [read_picture(path) for path in chosen.styles],
            settings,
            generator_of(chosen, settings),
            ml.load_network(chosen.network, chosen.device, chosen.precision),
            memory_of(chosen),
        )

    def paint(self, files: Sequence[Files]) -> Iterator[tuple[Files, Exception | None]]:
        """Paint some photos side by side; each with what went wrong, if anything did, as they are done."""
        begun: list[tuple[Files, Image.Image]] = []
        for each in files:
            try:
                begun.append((each, ml.decode_picture(each.photo)))
            except (ml.PictureError, OSError) as error:
                yield each, error
        commissions = [ml.Commission(photo, self.styles, self.settings, generator=self.generator) for _, photo in begun]
        for number, outcome in ml.stylize_batch(commissions, network=self.network, memory=self.memory):
            each, photo = begun[number]
            if isinstance(outcome, Image.Image):
                self._save(outcome, photo, each.painting)
            yield each, outcome if isinstance(outcome, Exception) else None

    def _save(self, painting: Image.Image, photo: Image.Image, path: Path) -> None:
        record = Record.of(photo, self.styles, self.settings, self.network, generator=self.generator)
        save_picture(painting, path, pnginfo=record.in_png())


def _files(photos: Sequence[Path], folder: Path) -> list[Files]:
    """Raises UsageError where two paintings would go to one file."""
    paintings = {folder / f"{photo.stem}.png": photo for photo in photos}
    if len(paintings) < len(photos):
        raise UsageError("two of the photos have the same name; paint them in two runs, into two folders")
    return [Files(photo, painting) for painting, photo in paintings.items()]
