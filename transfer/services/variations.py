"""More like this: the same again by other seeds."""

from __future__ import annotations

import hashlib
import uuid
from dataclasses import dataclass, field

from transfer.errors import Refused
from transfer.models import Init, Job, Preset
from transfer.orders import LARGEST_SEED, PRESET_SIZES
from transfer.services.jobs import Order, mix_of, submit_job

VARIATIONS = 4


@dataclass
class Variations:
    """Those that were queued, or had been before, and why there are no more of them."""

    jobs: list[Job] = field(default_factory=list)
    refusal: Refused | None = None


def vary_job(*, job: Job, first: int) -> Variations:
    """Queue drafts by other seeds of what the job paints: numbers `first` to `first` + 3 of its variations.

    The same numbers again give the same jobs. A variation's own variations are those of its original.
    """
    original, found = job.variation_of or job, Variations()
    for number in range(first, first + VARIATIONS):
        try:
            found.jobs.append(_vary(original, _seed(original, number)))
        except Refused as refusal:
            found.refusal = refusal
            break
    return found


def _vary(original: Job, seed: int) -> Job:
    return submit_job(
        owner=original.owner,
        photo=original.photo,
        style=original.style,
        mix=mix_of(original),
        order=_draft_of(original, seed),
        submission=uuid.uuid5(original.pk, f"variation {seed}"),
        variation_of=original,
    )


def _draft_of(job: Job, seed: int) -> Order:
    """The job's order as a draft; from the photo, where its generator is offered no longer."""
    order = {name: getattr(job, name) for name in Order.__dataclass_fields__}
    order |= {"preset": Preset.DRAFT, "size": min(job.size, PRESET_SIZES[Preset.DRAFT]), "seed": seed}
    if job.generator and not job.generator.is_published:
        order |= {"init": Init.PHOTO, "generator": None}
    return Order(**order)


def _seed(original: Job, number: int) -> int:
    """Of a variation: as good as drawn, and the same each time."""
    digest = hashlib.sha256(f"{original.pk} {number}".encode()).digest()
    return int.from_bytes(digest[:8], "big") % LARGEST_SEED
