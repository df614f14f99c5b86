"""How workers leave when they are told to."""

from __future__ import annotations

import signal
import time

import pytest

from accounts.models import User
from tests.factories import make_job
from tests.live import wait_until
from tests.transfer.workers import start
from transfer.models import Job, State

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_worker_in_the_middle_of_a_long_evaluation_leaves_in_time(ada: User) -> None:
    job = make_job(ada)
    worker = start("-m", "tests.transfer.long_evaluation")
    try:
        wait_until(lambda: Job.objects.filter(pk=job.pk, state=State.RUNNING).exists(), 30)
        told_at = time.monotonic()
        worker.send_signal(signal.SIGTERM)

        assert worker.wait(timeout=30) == 0

        assert time.monotonic() - told_at < 10
    finally:
        worker.kill()
    job.refresh_from_db()
    assert (job.state, job.attempts) == (State.QUEUED, 0)
