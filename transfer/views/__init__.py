"""The studio's pages: they translate HTTP to `transfer.services` and back."""

from transfer.views.batch import batch
from transfer.views.estimate import estimate
from transfer.views.files import download, full_picture, generator_sample, job_file, photo_file, style_file
from transfer.views.jobs import cancel, delete, job, job_events, job_panel, job_siblings, retry, vary
from transfer.views.my_pictures import jobs, jobs_progress
from transfer.views.selections import delete_selected, download_selected, retry_selected, stop_selected
from transfer.views.studio import studio
from transfer.views.styles import style_delete, styles

__all__ = [
    "batch",
    "cancel",
    "delete",
    "delete_selected",
    "download",
    "download_selected",
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
    "photo_file",
    "retry",
    "retry_selected",
    "stop_selected",
    "studio",
    "style_delete",
    "style_file",
    "styles",
    "vary",
]
