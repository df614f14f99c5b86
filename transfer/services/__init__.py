"""What people do with photos, styles and jobs, and staff with generators.

Each service changes rows in one transaction and schedules work on commit. It trusts its caller to have found the row
among those its user may see, and refuses (`transfer.errors`) what the rules forbid.
"""

from transfer.services.batches import LARGEST_BATCH, submit_batch, submitted_batch
from transfer.services.generators import (
    add_training_set,
    cancel_training,
    delete_training_set,
    load_starter_generator,
    publish_generator,
    resume_training,
    retire_generator,
    start_training,
    starter_generator_is_loaded,
)
from transfer.services.jobs import (
    Ingredient,
    Order,
    cancel_job,
    check_room,
    delete_job,
    retry_job,
    submit_job,
    submitted_job,
)
from transfer.services.library import (
    add_photo,
    add_style,
    disfavour_style,
    favour_style,
    forget_unused_photos,
    load_starter_styles,
    photo_of_sample,
    recent_uploads,
    remove_photo,
    remove_style,
)
from transfer.services.painted import add_painted
from transfer.services.selections import Outcome, cancel_jobs, delete_jobs, retry_jobs
from transfer.services.uploads import begin_upload, forget_unfinished_uploads, photo_of_upload, receive_part
from transfer.services.variations import VARIATIONS, Variations, vary_job

__all__ = [
    "LARGEST_BATCH",
    "VARIATIONS",
    "Ingredient",
    "Order",
    "Outcome",
    "Variations",
    "add_painted",
    "add_photo",
    "add_style",
    "add_training_set",
    "begin_upload",
    "cancel_job",
    "cancel_jobs",
    "cancel_training",
    "check_room",
    "delete_job",
    "delete_jobs",
    "delete_training_set",
    "disfavour_style",
    "favour_style",
    "forget_unfinished_uploads",
    "forget_unused_photos",
    "load_starter_generator",
    "load_starter_styles",
    "photo_of_sample",
    "photo_of_upload",
    "publish_generator",
    "receive_part",
    "recent_uploads",
    "remove_photo",
    "remove_style",
    "resume_training",
    "retire_generator",
    "retry_job",
    "retry_jobs",
    "start_training",
    "starter_generator_is_loaded",
    "submit_batch",
    "submit_job",
    "submitted_batch",
    "submitted_job",
    "vary_job",
]
