"""What people do with photos, styles and jobs.

Each service changes rows in one transaction and schedules work on commit. It trusts its caller to have found the row
among those its user may see, and refuses (`transfer.errors`) what the rules forbid.
"""

from transfer.services.jobs import Order, cancel_job, check_room, delete_job, retry_job, submit_job, submitted_job
from transfer.services.library import add_photo, add_style, load_starter_styles, remove_style

__all__ = [
    "Order",
    "add_photo",
    "add_style",
    "cancel_job",
    "check_room",
    "delete_job",
    "load_starter_styles",
    "remove_style",
    "retry_job",
    "submit_job",
    "submitted_job",
]
