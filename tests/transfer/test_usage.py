"""What somebody has used of their limits, as their page tells it."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.core.files.storage import default_storage
from django.test import Client

from accounts.models import Quota, User
from tests.factories import claimed, files_in_storage, make_finished_job, make_job
from transfer.usage import stored_bytes

PAGE = "/studio/limits/"

pytestmark = pytest.mark.django_db


def words_of(page: Any) -> str:
    return re.sub(r"(<[^>]+>|\s)+", " ", page.content.decode())


def test_whoever_has_done_nothing_has_all_of_it_left(as_ada: Client) -> None:
    words = words_of(as_ada.get(PAGE))

    assert "Painting within the last 24 hours 0% of your share" in words
    assert "Pictures waiting or being painted 0 of 20" in words
    assert "uploaded within the last hour 0 of 120" in words


def test_what_waits_and_runs_is_counted_against_ones_own_limits(ada: User, as_ada: Client) -> None:
    Quota.objects.create(user=ada, unfinished_jobs=5, running_jobs=1, daily_pixel_steps=10**6)
    claimed(make_job(ada))
    make_job(ada)

    words = words_of(as_ada.get(PAGE))

    assert "Pictures waiting or being painted 2 of 5" in words
    assert "Pictures painted at the same time 1 of 1" in words
    assert "uploaded within the last hour 4 of 120" in words
    assert re.search(r"24 hours [1-9]\d*% of your share", words)


def test_storage_is_what_ones_own_files_take(ada: User, bob: User) -> None:
    before = files_in_storage()
    job = make_finished_job(ada)
    own = sum(path.stat().st_size for path in files_in_storage() - before)
    make_finished_job(bob)

    assert stored_bytes(ada) == own > job.result_png.size


def test_a_file_that_is_gone_takes_nothing(ada: User) -> None:
    job = make_finished_job(ada)
    default_storage.delete(job.result_png.name)

    assert stored_bytes(ada) > 0
