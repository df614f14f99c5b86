"""How fast one person may like, follow and collect."""

from __future__ import annotations

import time

from django.conf import settings
from django.core.cache import cache

from accounts.models import User
from gallery.errors import TooFast

MINUTE = 60


def check_pace(person: User) -> None:
    """Count one act. Raises `TooFast` beyond GALLERY_ACTS_PER_MINUTE."""
    key = f"gallery-acts:{person.pk}:{int(time.time()) // MINUTE}"
    cache.add(key, 0, 2 * MINUTE)
    if cache.incr(key) > settings.GALLERY_ACTS_PER_MINUTE:
        raise TooFast
