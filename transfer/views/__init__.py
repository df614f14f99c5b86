"""The studio's pages: they translate HTTP to `transfer.services` and back."""

from transfer.views.ending import ended
from transfer.views.estimate import estimate
from transfer.views.files import (
    download,
    generator_sample,
    job_file,
    mask_file,
    photo_file,
    sample_photo_file,
    style_file,
)
from transfer.views.jobs import cancel, delete, job, job_events, job_panel, jobs, retry
from transfer.views.quota import quota
from transfer.views.studio import studio
from transfer.views.styles import style_delete, style_favourite, styles
from transfer.views.uploads import upload, uploads

__all__ = [
    "cancel",
    "delete",
    "download",
    "ended",
    "estimate",
    "generator_sample",
    "job",
    "job_events",
    "job_file",
    "job_panel",
    "jobs",
    "mask_file",
    "photo_file",
    "quota",
    "retry",
    "sample_photo_file",
    "studio",
    "style_delete",
    "style_favourite",
    "style_file",
    "styles",
    "upload",
    "uploads",
]
