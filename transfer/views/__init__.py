"""The studio's pages: they translate HTTP to `transfer.services` and back."""

from transfer.views.batch import batch
from transfer.views.ending import ended
from transfer.views.estimate import estimate
from transfer.views.files import (
    download,
    full_picture,
    generator_sample,
    job_file,
    mask_file,
    photo_file,
    sample_photo_file,
    style_file,
)
from transfer.views.jobs import cancel, delete, job, job_events, job_panel, job_siblings, retry, vary
from transfer.views.my_pictures import jobs, jobs_progress
from transfer.views.quota import quota
from transfer.views.selections import delete_selected, download_selected, retry_selected, stop_selected
from transfer.views.studio import studio
from transfer.views.styles import style_delete, style_favourite, styles
from transfer.views.uploads import upload, uploads

__all__ = [
    "batch",
    "cancel",
    "delete",
    "delete_selected",
    "download",
    "download_selected",
    "ended",
    "estimate",
    "full_picture",
    "generator_sample",
    "job",
    "job_events",
    "job_file",
    "job_panel",
    "job_siblings",
    "jobs",
    "jobs_progress",
    "mask_file",
    "photo_file",
    "quota",
    "retry",
    "retry_selected",
    "sample_photo_file",
    "stop_selected",
    "studio",
    "style_delete",
    "style_favourite",
    "style_file",
    "styles",
    "upload",
    "uploads",
    "vary",
]
