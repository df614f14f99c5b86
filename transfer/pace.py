"""How often a worker says where it stands."""

from __future__ import annotations

import time
from collections.abc import Callable


def every(seconds: float) -> Callable[[], bool]:
    """A clock that says yes at first, and then once in `seconds`."""
    due = 0.0

    def is_due() -> bool:
        nonlocal due
        if time.monotonic() < due:
            return False
        due = time.monotonic() + seconds
        return True

    return is_due
