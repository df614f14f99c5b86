"""What RQ runs: one attempt at one job, from its lease to its result."""

from __future__ import annotations

import logging
import traceback
from typing import Any

from django.conf import settings
from django.core.files.storage import default_storage
from PIL import Image
from rq.timeouts import JobTimeoutException

import ml
from transfer import leases, queue, turns
from transfer.engine import settings_of
from transfer.errors import is_out_of_memory
from transfer.files import local_copy, stored
from transfer.leases import Lease, LeaseLost
from transfer.models import Failure, Job, State
from transfer.pace import every
from transfer.queue import PAINTING, checkpoint_path
from transfer.shutdown import shutting_down
from transfer.uploads import as_jpeg, as_png, as_webp

logger = logging.getLogger(__name__)

REPORT_SECONDS = 0.25
PREVIEW_SECONDS = 1.0
PREVIEW_SIDE = 512
DISPLAY_SIDE = 1600
CARD_SIDE = 640


def run() -> None:
    """Make one attempt at the job whose turn it is, if any job waits."""
    lease = leases.claim_next(PAINTING, turns.served.get())
    if lease is None:
        return
    logger.info("job %s: started", lease.row_id)
    try:
        _attempt(lease)
    except LeaseLost:
        logger.info("job %s: cancelled or given to another worker", lease.row_id)
        leases.clear_away(lease)
    # Its owner's next job may have waited for this one to end.
    queue.top_up(PAINTING)


def _attempt(lease: Lease) -> None:
    job = Job.objects.select_related("photo", "style", "generator").get(pk=lease.row_id)
    previews = Previews(job)
    try:
        finish(lease, _paint(job, Reporter(lease, previews)))
        previews.keep(0)
    except ml.Stopped:
        leases.hand_back(lease)
    except LeaseLost:
        raise
    except leases.OUTAGES:
        logger.exception("job %s: interrupted by an outage of the database", lease.row_id)
        leases.hand_back(lease)
    except Exception as error:
        logger.exception("job %s: failed", lease.row_id)
        leases.fail(lease, _failure_of(error), traceback.format_exc())
    finally:
        previews.keep(1)


def _paint(job: Job, reporter: Reporter) -> Image.Image:
    return ml.stylize(
        _open(job.photo.image),
        [_open(job.style.image)],
        settings_of(job),
        generator=_generator_of(job),
        network=ml.load_network(device=settings.DEVICE, precision=settings.PRECISION),
        observer=reporter,
        should_stop=shutting_down.is_set,
        checkpoint=ml.Checkpoint(checkpoint_path(job.pk), every_seconds=settings.CHECKPOINT_SECONDS),
    )


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

    def __init__(self, lease: Lease, previews: Previews) -> None:
        self.lease = lease
        self.previews = previews
        self.report_due = every(REPORT_SECONDS)
        self.preview_due = every(PREVIEW_SECONDS)

    def __call__(self, progress: ml.Progress) -> None:
        if not self.report_due():
            return
        with leases.through_outages(self.lease):
            if self.preview_due():
                self._report_with_preview(progress)
            else:
                leases.report(self.lease, **_numbers(progress))

    def _report_with_preview(self, progress: ml.Progress) -> None:
        content = as_webp(progress.preview(PREVIEW_SIDE), PREVIEW_SIDE)
        with stored({"preview": content}, "previews") as fields:
            leases.report(self.lease, **fields, **_numbers(progress))
        self.previews.names.append(fields["preview"])
        # The one before stays for a viewer who has just been told of it.
        self.previews.keep(2)


def _numbers(progress: ml.Progress) -> dict[str, Any]:
    return {
        "step": progress.step,
        "total_steps": progress.total_steps,
        "fraction": progress.fraction,
        "scale": progress.scale,
        "scales": progress.scales,
        "loss": progress.total,
        "seconds_left": round(progress.seconds_left),
    }


def _open(file: Any) -> Image.Image:
    with file.open("rb") as opened:
        image = Image.open(opened)
        image.load()
    return image


def finish(lease: Lease, picture: Image.Image) -> None:
    """Store the picture in its files and sizes, and end the job with it. Raises `LeaseLost`."""
    files = {
        "result_png": as_png(picture),
        "result_jpeg": as_jpeg(picture),
        "display": as_webp(picture, DISPLAY_SIDE),
        "card": as_webp(picture, CARD_SIDE),
    }
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
        case _ if is_out_of_memory(error):
            return Failure.OUT_OF_MEMORY
    return Failure.UNEXPECTED
