"""`python -m ml batch`."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from PIL import Image

import ml
from ml.chosen import generator_of, memory_of, read_picture, settings_of
from ml.errors import UsageError, in_words
from ml.features import FeatureNetwork
from ml.interruption import Interrupted, Interruption
from ml.outputs import check_spared, check_writable, save_picture
from ml.provenance import Record
from ml.terminal import BatchReport


def batch(chosen: argparse.Namespace) -> None:
    """Paint each photo, and say of each where it is; one that cannot be painted does not hold up the others."""
    if chosen.at_once < 1:
        raise UsageError(f"--at-once is {chosen.at_once}; it must be 1 or more")
    files = _files(chosen.photos, chosen.output)
    check_spared([*chosen.photos, *chosen.styles], [each.painting for each in files])
    _check_folder(chosen.output)
    atelier = Atelier.of(chosen, BatchReport(sys.stderr, len(files)))
    chosen.output.mkdir(parents=True, exist_ok=True)
    with Interruption() as interruption:
        painted = list(atelier.paint_all(files, chosen.at_once, interruption.asked))
    if len(painted) < len(files):
        raise Interrupted(f"stopped; {sum(painted)} of {len(files)} photos are painted", interruption.signal)
    if not all(painted):
        raise UsageError(f"{painted.count(False)} of {len(files)} photos could not be painted")


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
    report: BatchReport

    @classmethod
    def of(cls, chosen: argparse.Namespace, report: BatchReport) -> Atelier:
        settings = settings_of(chosen)
        return cls(
            [read_picture(path) for path in chosen.styles],
            settings,
            generator_of(chosen, settings),
            ml.load_network(chosen.network, chosen.device, chosen.precision),
            memory_of(chosen),
            report,
        )

    def paint_all(self, files: Sequence[Files], at_once: int, should_stop: Callable[[], bool]) -> Iterator[bool]:
        """Paint the photos in groups, and report of each; whether it could be painted. A photo that a stop leaves
        unpainted is passed over."""
        for start in range(0, len(files), at_once):
            if should_stop():
                return
            for each, error in self._paint(files[start : start + at_once], should_stop):
                if not isinstance(error, ml.Stopped):
                    self.report.tell(each.photo, in_words(error) if error else str(each.painting))
                    yield error is None

    def _paint(
        self, files: Sequence[Files], should_stop: Callable[[], bool]
    ) -> Iterator[tuple[Files, Exception | None]]:
        """Paint some photos side by side; each with what went wrong, if anything did, as they are done."""
        begun: list[tuple[Files, Image.Image]] = []
        for each in files:
            try:
                check_writable(each.painting)
                begun.append((each, ml.decode_picture(each.photo)))
            except (UsageError, ml.PictureError, OSError) as error:
                yield each, error
        commissions = [self._commission(each, photo, should_stop) for each, photo in begun]
        for number, outcome in ml.stylize_batch(commissions, network=self.network, memory=self.memory):
            each, photo = begun[number]
            yield each, self._saved(outcome, photo, each.painting) if isinstance(outcome, Image.Image) else outcome

    def _commission(self, each: Files, photo: Image.Image, should_stop: Callable[[], bool]) -> ml.Commission:
        return ml.Commission(
            photo,
            self.styles,
            self.settings,
            generator=self.generator,
            observer=self.report.observer_of(each.photo),
            should_stop=should_stop,
        )

    def _saved(self, painting: Image.Image, photo: Image.Image, path: Path) -> OSError | None:
        """What went wrong in saving a painting, if anything did."""
        record = Record.of(photo, self.styles, self.settings, self.network, generator=self.generator)
        try:
            save_picture(painting, path, pnginfo=record.in_png())
        except OSError as error:
            return error
        return None


def _check_folder(folder: Path) -> None:
    """Raises UsageError where `folder` is there and takes no paintings."""
    if folder.exists() and not folder.is_dir():
        raise UsageError(f"{folder} is no folder")
    if folder.exists() and not os.access(folder, os.W_OK):
        raise UsageError(f"nothing can be written to {folder}")


def _files(photos: Sequence[Path], folder: Path) -> list[Files]:
    """Raises UsageError where two paintings would go to one file."""
    paintings = {folder / f"{photo.stem}.png": photo for photo in photos}
    if len(paintings) < len(photos):
        raise UsageError("two of the photos have the same name; paint them in two runs, into two folders")
    return [Files(photo, painting) for painting, photo in paintings.items()]
