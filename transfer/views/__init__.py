"""The studio's pages: they translate HTTP to `transfer.services` and back."""

from transfer.views.ending import ended
from transfer.views.estimate import estimate
from transfer.views.files import download, generator_sample, job_file, photo_file, style_file
from transfer.views.jobs import cancel, delete, job, job_events, job_panel, jobs, retry
from transfer.views.studio import studio
from transfer.views.styles import style_delete, styles

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
    "photo_file",
    "retry",
    "studio",
    "style_delete",
    "style_file",
    "styles",
]
