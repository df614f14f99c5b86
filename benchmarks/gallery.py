"""How long the server takes for the gallery's pages, with few works and with very many: `python -m benchmarks.gallery`.

In a test database of the server that DATABASE_URL names, seeded for each number of works and dropped at the end.
Median times of Django's test client, warm, in this process: database, view and template, without the network.
"""

from __future__ import annotations

import argparse
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from statistics import median
from typing import Any
from urllib.parse import urlencode

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")

WARM_UP, TIMES = 5, 31
DEEP_PAGE = 500
ALLOWED_MS, ALLOWED_GROWTH = 40, 1.3


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--works", type=int, nargs="+", default=[10_000, 1_000_000])
    chosen = parser.parse_args()
    import django

    django.setup()
    measured = [_measured(works) for works in chosen.works]
    show(chosen.works, measured)


def _measured(works: int) -> dict[str, float]:
    with seeded(works):
        return {name: milliseconds(address) for name, address in addresses(works).items()}


@contextmanager
def seeded(works: int) -> Iterator[None]:
    from django.db import connection

    from gallery.seeding import seed_gallery

    name = connection.settings_dict["NAME"]
    connection.creation.create_test_db(verbosity=0, autoclobber=True, serialize=False)
    try:
        started = time.perf_counter()
        seed_gallery(works, seed=1)
        print(f"{works:,} works in {time.perf_counter() - started:.0f} s", flush=True)
        with connection.cursor() as cursor:
            # As a server does by itself after a while.
            cursor.execute("VACUUM ANALYZE" if connection.vendor == "postgresql" else "ANALYZE")
        yield
    finally:
        connection.creation.destroy_test_db(name, verbosity=0)


def addresses(works: int) -> dict[str, str]:
    from accounts.models import User
    from gallery.browsing import WORKS_PER_PAGE, Wish
    from gallery.models import Artwork
    from gallery.pages import page_of

    shown = Artwork.objects.on_show_to(None).order_by("-published_at", "-id")
    skipped = (min(DEEP_PAGE, works // WORKS_PER_PAGE // 2) - 1) * WORKS_PER_PAGE
    cursor = page_of(shown.filter(published_at__lte=shown[skipped - 1].published_at), Wish().keys, 1).older
    artist = User.objects.filter(username__startswith="seeded").order_by("pk")[7]
    work: Any = shown[skipped]
    return {
        "first page": "/",
        "500th page": f"/?{urlencode({'older': cursor})}",
        "trending": "/?sort=trending",
        "one style, most liked": "/?style=ink&sort=liked",
        "a tag": f"/?{urlencode({'tag': 'harbour'})}",
        "a rare tag": f"/?{urlencode({'tag': 'far 花园'})}",
        "search, a common word": "/?q=harbour",
        "search, two words": "/?q=quiet+harbour",
        "search, a rare word": "/?q=denkorlin",
        "search, Chinese": f"/?{urlencode({'q': '黄昏'})}",
        "search, nothing found": "/?q=zzzz",
        "an artist": f"/artists/{artist.username}/",
        "a work": work.get_absolute_url(),
    }


def milliseconds(address: str) -> float:
    from django.test import Client

    client = Client(headers={"Host": "localhost"})
    seconds = []
    for _ in range(WARM_UP + TIMES):
        started = time.perf_counter()
        response = client.get(address)
        seconds.append(time.perf_counter() - started)
        assert response.status_code == 200, (address, response.status_code)  # noqa: S101
    return 1000 * median(seconds[WARM_UP:])


def show(numbers: list[int], measured: list[dict[str, float]]) -> None:
    print(f"| median ms | {' | '.join(f'{number:,} works' for number in numbers)} | largest / smallest |")
    print(f"| --- |{' --- |' * (len(numbers) + 1)}")
    for name in measured[0]:
        times = [each[name] for each in measured]
        growth = times[-1] / times[0]
        verdict = "" if max(times) <= ALLOWED_MS and growth <= ALLOWED_GROWTH else " !"
        print(f"| {name} | {' | '.join(f'{each:.1f}' for each in times)} | {growth:.2f}{verdict} |")


if __name__ == "__main__":
    main()
