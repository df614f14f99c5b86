"""What RQ runs for a generator: one attempt at its training, from its lease to a generator ready to be published."""

from __future__ import annotations

import logging
import traceback
from dataclasses import asdict
from pathlib import Path
from statistics import fmean
from typing import Any

from django.conf import settings
from django.db import transaction
from PIL import Image
from rq.timeouts import JobTimeoutException

import ml
from transfer import leases
from transfer.files import local_copy, stored
from transfer.leases import Lease, LeaseLost
from transfer.leaving import in_hand
from transfer.logs import about
from transfer.models import Generator, GeneratorState, SampleSheet, TrainingFailure, TrainingSet
from transfer.pace import every
from transfer.queue import TRAINING, run_folder
from transfer.shutdown import shutting_down
from transfer.trained import read_trained
from transfer.uploads import as_webp

logger = logging.getLogger(__name__)

REPORT_SECONDS = 1.0
# As many as a chart on a page can show.
CURVE_POINTS = 240
AVERAGED = ("discriminator_loss", "generator_loss", "real", "fake")


def run() -> None:
    """Make one attempt at the training that has waited longest, if any waits."""
    lease = leases.claim_next(TRAINING, TRAINING.queues)
    if lease is None:
        return
    with about("generator", lease.row_id), in_hand(lease):
        logger.info("started")
        try:
            # Reading a large archive and judging large samples take longer than a lease lasts.
            with leases.kept(lease):
                _attempt(lease)
        except LeaseLost:
            logger.info("cancelled or given to another worker")
            leases.clear_away(lease)


def _attempt(lease: Lease) -> None:
    try:
        generator = Generator.objects.get(pk=lease.row_id)
        finish(lease, _train(generator, Reporter(lease, generator)))
        logger.info("ready")
    except ml.Stopped:
        logger.info("handed back, for this worker is to stop")
        leases.hand_back(lease)
    except LeaseLost:
        raise
    except leases.OUTAGES:
        logger.exception("interrupted by an outage of the database")
        leases.try_again(lease, TrainingFailure.UNEXPECTED, traceback.format_exc())
    except Exception as error:
        logger.exception("failed")
        leases.fail(lease, _failure_of(error), traceback.format_exc())


def _train(generator: Generator, reporter: Reporter) -> Path:
    """Go on where the last attempt left the training; the file of the best generator."""
    training_set = TrainingSet.objects.get(generators=generator)
    chosen = ml.GanSettings(**generator.settings)
    folder = run_folder(generator.pk)
    output = folder / "generator.safetensors"
    with local_copy(training_set.archive) as archive:
        images = ml.TrainingImages.read(archive, chosen)
    ml.train_gan(
        images,
        chosen,
        output,
        run=folder,
        about={"name": generator.name, "data": generator.trained_on, "licence": generator.licence},
        observer=reporter,
        should_stop=reporter.should_stop,
        device=settings.DEVICE,
        precision=settings.PRECISION,
        checkpoint_seconds=settings.CHECKPOINT_SECONDS,
    )
    return output


def finish(lease: Lease, output: Path) -> None:
    """Store the best generator and pictures by it, and end the training with it. Raises `LeaseLost`."""
    trained = read_trained(output)
    with stored(trained.files, "generators") as fields:
        leases.complete(lease, GeneratorState.READY, digest=trained.digest, metrics=trained.metrics, **fields)
    leases.clear_away(lease)


class Reporter:
    """Writes a training's progress to its generator's row, as often as a viewer can use it."""

    def __init__(self, lease: Lease, generator: Generator) -> None:
        self.lease = lease
        self.curve = Curve(generator.curve, generator.total_steps)
        self.report_due = every(REPORT_SECONDS)
        self.cancelled = False

    def __call__(self, progress: ml.TrainingProgress) -> None:
        self.curve.add(progress)
        try:
            with leases.through_outages(self.lease):
                self._report(progress)
        except LeaseLost:
            if not Generator.objects.filter(pk=self.lease.row_id, state=GeneratorState.CANCELLED).exists():
                raise
            self.cancelled = True

    def should_stop(self) -> bool:
        """True too for a training that was cancelled: it writes a checkpoint then, since it can be resumed."""
        return self.cancelled or shutting_down.is_set()

    def _report(self, progress: ml.TrainingProgress) -> None:
        if progress.sheet:
            self._report_with_sheet(progress, progress.sheet)
        elif self.report_due():
            leases.report(self.lease, **self._numbers(progress))

    def _report_with_sheet(self, progress: ml.TrainingProgress, sheet: Image.Image) -> None:
        image = as_webp(sheet, max(sheet.size))
        with stored({"image": image}, "sheets") as fields, transaction.atomic():
            leases.report(self.lease, **self._numbers(progress))
            # A training that goes on from its checkpoint comes by some steps again.
            SampleSheet.objects.filter(generator_id=self.lease.row_id, step__gte=progress.step).delete()
            SampleSheet.objects.create(generator_id=self.lease.row_id, step=progress.step, **fields)

    def _numbers(self, progress: ml.TrainingProgress) -> dict[str, Any]:
        best = {"frechet": progress.best_frechet, "step": progress.best_step}
        return {
            "step": progress.step,
            "total_steps": progress.total_steps,
            "fraction": progress.fraction,
            "seconds_left": round(progress.seconds_left),
            "curve": self.curve.points,
            "notes": [asdict(note) for note in progress.notes],
            "metrics": best if progress.best_frechet is not None else {},
        }


class Curve:
    """Losses and distances by step: means over as many steps as keep the points few, and every distance measured."""

    def __init__(self, points: list[dict[str, Any]], total_steps: int) -> None:
        self.points = list(points)
        self.spacing = max(1, total_steps // CURVE_POINTS)
        self.since: list[dict[str, float]] = []

    def add(self, progress: ml.TrainingProgress) -> None:
        self.since.append({name: getattr(progress, name) for name in AVERAGED})
        if progress.frechet is None and progress.step % self.spacing:
            return
        means = {name: round(fmean(step[name] for step in self.since), 5) for name in AVERAGED}
        earlier = [point for point in self.points if point["step"] < progress.step]
        self.points = [*earlier, {"step": progress.step, **means, "frechet": progress.frechet}]
        self.since.clear()


def _failure_of(error: Exception) -> TrainingFailure:
    match error:
        case ml.WeightsMissing():
            return TrainingFailure.NO_WEIGHTS
        case ml.Diverged():
            return TrainingFailure.DIVERGED
        case ml.TooManyImages():
            return TrainingFailure.TOO_MANY
        case ml.TrainingImagesError():
            return TrainingFailure.PICTURES
        case JobTimeoutException():
            return TrainingFailure.TIMED_OUT
        case _ if ml.is_out_of_memory(error):
            return TrainingFailure.OUT_OF_MEMORY
    return TrainingFailure.UNEXPECTED
