"""Which of the test processes running at once this is, and its share of what they would otherwise have in common."""

from __future__ import annotations

import os
from urllib.parse import SplitResult, urlsplit

TEST_PROCESS = int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw"))
TEST_PROCESSES = int(os.environ.get("PYTEST_XDIST_WORKER_COUNT", "1"))
# Names the folder of this test process to those it starts, which read the tests' settings too.
SHARED = f"STYLESITE_TEST_VAR_DIR_{TEST_PROCESS}"
# As a Redis server is set up unless told otherwise.
REDIS_DATABASES = 16


def own_redis_url(url: str) -> str:
    """The named database for the first test process, those after it for the others."""
    parts = urlsplit(url)
    return numbered(parts, redis_number(parts) + TEST_PROCESS)


def redis_urls_for_sites(own: str) -> set[str]:
    """This process's share of the databases that no test process has as its own."""
    parts = urlsplit(own)
    first = redis_number(parts) + TEST_PROCESSES
    return {numbered(parts, number) for number in range(first, REDIS_DATABASES, TEST_PROCESSES)}


def redis_number(parts: SplitResult) -> int:
    return int(parts.path.strip("/") or 0)


def numbered(parts: SplitResult, number: int) -> str:
    return parts._replace(path=f"/{number}").geturl()
