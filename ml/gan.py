"""The training of a generator: pictures and settings in, a model file out."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from time import monotonic
from typing import Any

import torch
from PIL import Image

from ml import ranks
from ml.dcgan import Generator
from ml.devices import choose_device, choose_precision, prepare
from ml.errors import Stopped
from ml.frechet import frechet_distance, statistics
from ml.gan_settings import GanSettings
from ml.gan_training import Losses, Training
from ml.gan_watch import Judgement, Note, Watch
from ml.generators import samples_of, save_generator, sheet_of
from ml.run_folder import RunFolder
from ml.training_images import JUDGED_AT_ONCE, TrainingImages
from ml.weights import load_network

LOG_EVERY = 10


@dataclass(frozen=True, kw_only=True)
class TrainingProgress:
    """Where a training stands after a step of either network."""

    step: int
    total_steps: int
    fraction: float
    seconds: float
    """Since this run started, or went on."""
    seconds_left: float
    """Estimated from the pace of this run so far."""
    discriminator_loss: float
    generator_loss: float
    real: float
    """Mean D(x) over the batch, 0–1."""
    fake: float
    """Mean D(G(z)), 0–1."""
    frechet: float | None
    """Where it was measured after this step."""
    best_frechet: float | None
    best_step: int | None
    sheet: Image.Image | None
    """Pictures of the same latents as always, where the distance was measured."""
    notes: tuple[Note, ...]
    """What seems to go wrong."""


def train_gan(
    images: TrainingImages,
    settings: GanSettings,
    output: Path,
    *,
    run: Path,
    about: Mapping[str, str] | None = None,
    observer: Callable[[TrainingProgress], None] | None = None,
    should_stop: Callable[[], bool] | None = None,
    device: str | None = None,
    precision: str | None = None,
    checkpoint_seconds: float = 60.0,
) -> None:
    """Train a generator on `images`, and leave in `output` the one that came nearest to the pictures held back.

    `run` is a folder that gets the log, the sample sheets and a checkpoint, from which a training that was cut short
    goes on, and on a CPU comes to the very same weights; more steps may be asked of it than before. `observer` is told
    after every step, `should_stop` is asked before every one. `about` is kept with the generator.
    Where torchrun has started several processes they share each batch, and the first one alone judges, writes and
    reports.
    Raises Stopped when asked to stop, Diverged when the losses are no longer finite, WeightsMissing, and
    ForeignCheckpoint where `run` holds a training of other settings or pictures.
    """
    where = choose_device(device)
    prepare(where)
    training = Training(images, settings, where, choose_precision(where, precision))
    report = _Report(training, RunFolder(run, checkpoint_seconds), output, about or {}, device)
    report.resume()
    while training.step < settings.steps:
        if ranks.agreed(should_stop is not None and should_stop(), where):
            report.keep()
            raise Stopped(f"the training was asked to stop after {training.step} steps")
        losses = training.advance()
        if ranks.rank() == 0:
            progress = report.after(losses)
            if observer:
                observer(progress)
        ranks.wait_for_all()
    report.keep()


class _Report:
    """What is made of a training for people: judgements, sample sheets, the log, and the best generator so far."""

    def __init__(
        self, training: Training, folder: RunFolder, output: Path, about: Mapping[str, str], device: str | None
    ) -> None:
        self.training, self.folder, self.output, self.about = training, folder, output, about
        self.watch = Watch()
        self.best: float | None = None
        self.best_step: int | None = None
        self.started_at, self.first_step = monotonic(), 0
        if ranks.rank() == 0:
            self.judge = Judge(training.images, training.settings, device)

    def resume(self) -> None:
        """Go on where the run's checkpoint stands, if there is one. Raises ForeignCheckpoint."""
        state = self.folder.checkpoint.read_own(self.training.fingerprint)
        if state:
            self.training.load_state_dict(state["training"])
            self.watch.load_state_dict(state["watch"])
            if self.output.exists():
                self.best, self.best_step = state["best"]
        self.first_step = self.training.step
        if ranks.rank() == 0:
            self.folder.begin(self.training.settings, self.first_step)

    def keep(self) -> None:
        """Write a checkpoint."""
        if ranks.rank() == 0:
            state = {"training": self.training.state_dict(), "watch": self.watch.state_dict()}
            best = [self.best, self.best_step]
            self.folder.checkpoint.write(self.training.fingerprint, state | {"best": best})

    def after(self, losses: Losses) -> TrainingProgress:
        """Judge, note and keep what is due after a step."""
        self.watch.see_step(losses.real, losses.fake)
        judgement = self._judged() if self._is_to_be_judged else None
        progress = self._progress(losses, judgement)
        self._note(progress)
        if self.folder.checkpoint.is_due():
            self.keep()
        return progress

    @property
    def _is_to_be_judged(self) -> bool:
        step, settings = self.training.step, self.training.settings
        return step % settings.evaluate_every == 0 or step == settings.steps

    def _judged(self) -> Judgement:
        judgement = self.judge(self.training.kept)
        if self.best is None or self.best_step is None or judgement.frechet < self.best:
            self.best, self.best_step = judgement.frechet, self.training.step
            metrics = {"frechet": self.best, "step": float(self.best_step)}
            save_generator(self.training.kept, self.output, self.about, metrics)
        self.watch.see_judgement(judgement, self.best, self.best_step)
        return judgement

    def _progress(self, losses: Losses, judgement: Judgement | None) -> TrainingProgress:
        step, total = self.training.step, self.training.settings.steps
        seconds = monotonic() - self.started_at
        return TrainingProgress(
            step=step,
            total_steps=total,
            fraction=step / total,
            seconds=seconds,
            seconds_left=seconds / (step - self.first_step) * (total - step),
            discriminator_loss=losses.discriminator,
            generator_loss=losses.generator,
            real=losses.real,
            fake=losses.fake,
            frechet=judgement.frechet if judgement else None,
            best_frechet=self.best,
            best_step=self.best_step,
            sheet=sheet_of(self.training.kept) if judgement else None,
            notes=self.watch.notes,
        )

    def _note(self, progress: TrainingProgress) -> None:
        if progress.sheet:
            self.folder.keep_sheet(progress.step, progress.sheet)
        if progress.sheet or progress.step % LOG_EVERY == 0:
            self.folder.log.note(logged(progress))


class Judge:
    """Compares a generator's samples with the pictures held back, always the same crops and latents."""

    def __init__(self, images: TrainingImages, settings: GanSettings, device: str | None) -> None:
        self.settings, self.network = settings, load_network(device=device)
        crops = images.judged(settings.judged, settings.size, self._random())
        self.real = statistics(self.network, ((batch + 1) / 2 for batch in crops))

    def __call__(self, generator: Generator) -> Judgement:
        samples = samples_of(generator, self.settings.judged, self._random(), JUDGED_AT_ONCE)
        fake = statistics(self.network, ((batch + 1) / 2 for batch in samples))
        return Judgement(frechet_distance(self.real, fake), fake.spread / max(self.real.spread, 1e-12))

    def _random(self) -> torch.Generator:
        return torch.Generator().manual_seed(self.settings.seed)


def logged(progress: TrainingProgress) -> dict[str, Any]:
    """The progress as a line of the log."""
    names = "step discriminator_loss generator_loss real fake frechet best_frechet best_step"
    numbers = {name: getattr(progress, name) for name in names.split()}
    return {"seconds": round(progress.seconds, 2), **numbers, "notes": [str(note) for note in progress.notes]}
