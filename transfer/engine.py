"""The one place where the site's words become the engine's."""

from __future__ import annotations

from collections.abc import Sequence

import ml
from transfer.models import Job


def settings_of(job: Job, blend: Sequence[float] = ()) -> ml.Settings:
    """The engine's settings for a job's row; `blend` is the weights of its styles where it has several."""
    preset = ml.Settings.for_preset(job.preset)
    return ml.Settings.for_preset(
        job.preset,
        size=job.size,
        colours=job.colours,
        init=job.init,
        gan_strength=job.gan_strength,
        seed=job.seed,
        style_weight=preset.style_weight * job.style_strength,
        style_scale=job.brush_size,
        blend=tuple(blend),
    )


def price(job: Job) -> tuple[int, int]:
    """The steps of a job, and its pixel steps: the pixels of each step, summed."""
    settings = settings_of(job)
    return settings.total_steps, settings.pixel_steps((job.photo.width, job.photo.height))
