"""What may be asked of one painting, in the studio and through the API."""

from __future__ import annotations

import secrets
from typing import Any

from django.utils.http import urlencode

from transfer.models import Job, Preset

LARGEST_SEED = 2**31 - 1
# What the studio offers; a program may ask for any size in between, and for smaller ones.
SIZES = (256, 384, 512, 768, 1024, 1536, 2048)
SMALLEST_SIZE, LARGEST_SIZE = 128, max(SIZES)
PRESET_SIZES = {Preset.DRAFT: 256, Preset.STANDARD: 512, Preset.FINE: 1024}
# The weakest and the strongest of what the studio offers.
STYLE_STRENGTHS = (0.2, 5.0)
BRUSH_SIZES = (0.5, 1.5)


def drawn_seed() -> int:
    return secrets.randbelow(LARGEST_SEED)


def query_for_another_photo(job: Job) -> str:
    """For the studio's address: the job's style and settings, and no photo chosen."""
    order: dict[str, Any] = {"photo": "", "style": job.style_id}
    order |= {name: getattr(job, name) for name in ("preset", "size", "colours", "init", "seed")}
    order |= {name: f"{getattr(job, name):.1f}" for name in ("style_strength", "brush_size", "gan_strength")}
    return urlencode(order | {"generator": job.generator_id} if job.generator_id else order)
