"""What RQ runs: one attempt at one job, from its lease to its result."""

from __future__ import annotations

import logging
import traceback
from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from PIL import Image
from rq.timeouts import JobTimeoutException

import ml
from transfer import leases, queue, turns
from transfer.engine import settings_of
from transfer.files import local_copy, stored
from transfer.leases import Lease, LeaseLost
from transfer.leaving import in_hand
from transfer.logs import about
from transfer.masks import mask_of
from transfer.models import Failure, Job, Paint, State
from transfer.pace import every
from transfer.queue import PAINTING, checkpoint_path
from transfer.shutdown import shutting_down
from transfer.time_lapse import Frames
from transfer.uploads import as_jpeg, as_png, as_webp

logger = logging.getLogger(__name__)

REPORT_SECONDS = 0.25
PREVIEW_SECONDS = 1.0
PREVIEW_SIDE = 512
DISPLAY_SIDE = 1600
CARD_SIDE = 640
# More than a small chart shows.
CURVE_POINTS = 100


def run() -> None:
    """Make one attempt at the job whose turn it is, if any job waits."""
    lease = leases.claim_next(PAINTING, turns.served.get())
    if lease is None:
        return
    with about("job", lease.row_id), in_hand(lease):
        logger.info("started")
        try:
            _attempt(lease)
        except LeaseLost:
            logger.info("cancelled or given to another worker")
            leases.clear_away(lease)
    # Its owner's next job may have waited for this one to end.
    queue.top_up(PAINTING)


def _attempt(lease: Lease) -> None:
    job = Job.objects.select_related("photo", "style", "generator").get(pk=lease.row_id)
    previews, frames = Previews(job), Frames(job)
    try:
        painting = _paint(job, Reporter(lease, job, previews, frames))
        finish(lease, painting, frames.film(painting))
        logger.info("succeeded")
        previews.keep(0)
    except ml.Stopped:
        logger.info("handed back, for this worker is to stop")
        leases.hand_back(lease)
    except LeaseLost:
        raise
    except leases.OUTAGES:
        logger.exception("interrupted by an outage of the database")
        leases.try_again(lease, Failure.UNEXPECTED, traceback.format_exc())
    except Exception as error:
        logger.exception("failed")
        leases.fail(lease, _failure_of(error), traceback.format_exc())
    finally:
        previews.keep(1)


def _paint(job: Job, reporter: Reporter) -> Image.Image:
    photo = _open(job.photo.image)
    paints = list(job.paints.select_related("style"))
    styles = [paint.style for paint in paints] or [job.style]
    return ml.stylize(
        photo,
        [_open(style.image) for style in styles],
        settings_of(job, blend=[paint.weight for paint in paints]),
        masks=_masks_of(paints, photo),
        generator=_generator_of(job),
        network=ml.load_network(device=settings.DEVICE, precision=settings.PRECISION),
        observer=reporter,
        should_stop=shutting_down.is_set,
        checkpoint=ml.Checkpoint(checkpoint_path(job.pk), every_seconds=settings.CHECKPOINT_SECONDS),
    )


def _masks_of(paints: Sequence[Paint], photo: Image.Image) -> list[Image.Image]:
    """One a style, or none where each goes everywhere."""
    if not any(paint.mask for paint in paints):
        return []
    return [mask_of(paint) or Image.new("L", photo.size, 255) for paint in paints]


def _generator_of(job: Job) -> ml.TrainedGenerator | None:
    """Retired or not: what was asked for when it was offered is still painted."""
    if job.generator is None:
        return None
    with local_copy(job.generator.weights) as path:
        return ml.load_generator(path, digest=job.generator.digest, device=settings.DEVICE)


class Previews:
    """The stored previews of a job, oldest first; its row names the last."""

    def __init__(self, job: Job) -> None:
        self.names: list[str] = [str(job.preview.name)] if job.preview else []

    def keep(self, count: int) -> None:
        """Delete all but the last `count`."""
        while len(self.names) > count:
            default_storage.delete(self.names.pop(0))


class Reporter:
    """Writes an engine's progress to its job's row, as often as a viewer can use it."""

    def __init__(self, lease: Lease, job: Job, previews: Previews, frames: Frames) -> None:
        self.lease = lease
        self.previews, self.frames = previews, frames
        self.curve = Curve(job.curve)
        self.report_due = every(REPORT_SECONDS)
        self.preview_due = every(PREVIEW_SECONDS)

    def __call__(self, progress: ml.Progress) -> None:
        if not self.report_due():
            return
        self.curve.add(progress)
        if self.frames.is_due(progress):
            self.frames.keep(progress)
        with leases.through_outages(self.lease):
            if self.preview_due():
                self._report_with_preview(progress)
            else:
                leases.report(self.lease, **self._numbers(progress))

    def _report_with_preview(self, progress: ml.Progress) -> None:
        content = as_webp(progress.preview(PREVIEW_SIDE), PREVIEW_SIDE)
        with stored({"preview": content}, "previews") as fields:
            leases.report(self.lease, **fields, **self._numbers(progress))
        self.previews.names.append(fields["preview"])
        # The one before stays for a viewer who has just been told of it.
        self.previews.keep(2)

    def _numbers(self, progress: ml.Progress) -> dict[str, Any]:
        return {
            "step": progress.step,
            "total_steps": progress.total_steps,
            "fraction": progress.fraction,
            "scale": progress.scale,
            "scales": progress.scales,
            "loss": progress.total,
            "curve": self.curve.points,
            "seconds_left": round(progress.seconds_left),
        }


class Curve:
    """The loss by the fraction done, at no more than `CURVE_POINTS` points that lie evenly."""

    def __init__(self, points: list[list[float]]) -> None:
        self.points = list(points)
        self.spacing = 0.0

    def add(self, progress: ml.Progress) -> None:
        # An attempt that goes on from its checkpoint comes by some fractions again.
        self.points = [point for point in self.points if point[0] < progress.fraction]
        if self.points and progress.fraction - self.points[-1][0] < self.spacing:
            return
        self.points.append([round(progress.fraction, 4), float(f"{progress.total:.4g}")])
        if len(self.points) > CURVE_POINTS:
            self.points = self.points[::2]
            self.spacing = self.points[-1][0] / len(self.points)


def _open(file: Any) -> Image.Image:
    with file.open("rb") as opened:
        image = Image.open(opened)
        image.load()
    return image


def finish(lease: Lease, picture: Image.Image, time_lapse: ContentFile[bytes] | None = None) -> None:
    """Store the picture in its files and sizes, and how it came into being, and end the job. Raises `LeaseLost`."""
    files = {
        "result_png": as_png(picture),
        "result_jpeg": as_jpeg(picture),
        "display": as_webp(picture, DISPLAY_SIDE),
        "card": as_webp(picture, CARD_SIDE),
    }
    if time_lapse:
        files["time_lapse"] = time_lapse
    with stored(files, "results") as fields:
        leases.complete(lease, State.SUCCEEDED, preview="", width=picture.width, height=picture.height, **fields)
    leases.clear_away(lease)


def _failure_of(error: Exception) -> Failure:
    match error:
        case ml.WeightsMissing():
            return Failure.NO_WEIGHTS
        case ml.Diverged():
            return Failure.DIVERGED
        case ml.GeneratorError():
            return Failure.GENERATOR
        case JobTimeoutException():
            return Failure.TIMED_OUT
        case _ if ml.is_out_of_memory(error):
            return Failure.OUT_OF_MEMORY
    return Failure.UNEXPECTED
