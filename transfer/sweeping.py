"""The thread of a worker that repairs what others left: leases every few seconds, storage once an hour."""

from __future__ import annotations

import logging
import threading
from datetime import timedelta

from django.conf import settings
from django.core.cache import cache
from django.db import close_old_connections

from accounts import exports, letters, webhooks
from transfer import leases, services
from transfer.storage import delete_unnamed_files

logger = logging.getLogger(__name__)

TIDY_SECONDS = 3600
FILES_LEFT_ALONE = timedelta(hours=6)


def sweep_until(stop: threading.Event) -> None:
    """Sweep now, and every few seconds until `stop` is set."""
    while not stop.is_set():
        close_old_connections()
        try:
            leases.sweep()
            webhooks.top_up()
            letters.top_up()
            # One worker an hour does for all.
            if cache.add("tidied", True, TIDY_SECONDS):
                tidy(FILES_LEFT_ALONE)
        except Exception:
            # Whatever it is, an outage most likely, a site without its sweeper would lose jobs.
            logger.exception("the sweep failed; the next is in %s s", settings.SWEEP_SECONDS)
        finally:
            close_old_connections()
        stop.wait(settings.SWEEP_SECONDS)


def tidy(older_than: timedelta) -> tuple[int, int]:
    """Delete unused photos, unfinished uploads, old archives of people's data, old deliveries of webhooks, and files
    that no row names and that are `older_than`: how many files, how many photos."""
    photos = services.forget_unused_photos()
    services.forget_unfinished_uploads()
    exports.forget_old_exports()
    webhooks.forget_old_deliveries()
    return delete_unnamed_files(older_than), photos
