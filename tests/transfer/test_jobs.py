"""Jobs from submission to result, run by a real RQ worker with the real network on tiny pictures."""

from __future__ import annotations

import io
import re
import signal
import uuid
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import django_rq
import numpy as np
import pytest
from django.test import Client
from PIL import Image

import ml
from accounts.models import User
from tests.factories import files_in_storage, make_finished_job, make_job, make_order, make_user
from tests.live import wait_until
from tests.transfer.workers import work, worker_process
from transfer import services
from transfer.charts import loss_line
from transfer.engine import settings_of
from transfer.errors import WrongState
from transfer.jobs import CURVE_POINTS, Curve
from transfer.models import Failure, Job, Photo, State
from transfer.queue import checkpoint_path

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def ada(transactional_db: None) -> User:
    return make_user("ada")


def result_of(job: Job) -> np.ndarray:
    return np.asarray(Image.open(io.BytesIO(job.result_png.open().read())))


def test_a_worker_paints_a_queued_job(ada: User) -> None:
    job = make_job(ada)

    work()

    job.refresh_from_db()
    assert (job.state, job.percent, job.failure_detail) == (State.SUCCEEDED, 100, "")
    assert (job.width, job.height) == (64, 48)
    assert result_of(job).shape == (48, 64, 3)
    assert job.step == job.total_steps == settings_of(job).total_steps


def test_the_same_seed_paints_the_same_picture(ada: User) -> None:
    job = make_job(ada, init="noise", seed=5)
    again = services.submit_job(
        owner=ada,
        photo=job.photo,
        style=job.style,
        order=make_order(init="noise", seed=5),
        submission=uuid.uuid4(),
    )

    work()

    job.refresh_from_db()
    again.refresh_from_db()
    np.testing.assert_array_equal(result_of(job), result_of(again))


def test_the_sites_settings_reach_the_engine(ada: User) -> None:
    job = make_job(
        ada, preset="fine", size=96, style_strength=2.0, brush_size=0.5, colours="matched", init="noise", seed=9
    )

    engine = settings_of(job)

    assert (engine.size, engine.init, engine.seed, engine.style_scale) == (96, "noise", 9, 0.5)
    assert engine.colours == "matched"
    assert engine.style_weight == 2 * ml.Settings.for_preset("fine").style_weight


def test_a_cancelled_job_is_never_started(ada: User) -> None:
    job = make_job(ada)
    services.cancel_job(job=job)

    work()

    job.refresh_from_db()
    assert (job.state, job.attempts) == (State.CANCELLED, 0)


def test_a_running_job_stops_when_it_is_cancelled(ada: User) -> None:
    before = files_in_storage()
    job = make_job(ada, size=512, preset="fine")
    with worker_process() as worker:
        wait_until(lambda: Job.objects.filter(pk=job.pk, state=State.RUNNING, step__gt=0).exists(), 60)
        services.cancel_job(job=job)
        second = make_job(ada)
        wait_until(lambda: Job.objects.filter(pk=second.pk, state=State.SUCCEEDED).exists(), 60)
        worker.send_signal(signal.SIGTERM)
        assert worker.wait(timeout=30) == 0

    job.refresh_from_db()
    assert job.state == State.CANCELLED
    services.delete_job(job=job)
    services.delete_job(job=second)
    Photo.objects.all().delete()
    for style in ada.styles.all():
        services.remove_style(style=style)
    assert files_in_storage() == before


def test_a_worker_told_to_stop_hands_its_job_to_the_next_one(ada: User) -> None:
    job = make_job(ada, size=256, preset="standard")
    with worker_process() as first:
        wait_until(lambda: Job.objects.filter(pk=job.pk, state=State.RUNNING, fraction__gt=0.05).exists(), 60)
        first.send_signal(signal.SIGTERM)
        assert first.wait(timeout=30) == 0
    job.refresh_from_db()
    assert (job.state, job.attempts) == (State.QUEUED, 0)
    assert checkpoint_path(job.pk).exists()
    handed_back_at = job.fraction

    with worker_process():
        resumed = wait_until(lambda: Job.objects.filter(pk=job.pk, state=State.RUNNING).first(), 60)
        wait_until(lambda: Job.objects.get(pk=job.pk).step != resumed.step, 60)
        assert Job.objects.get(pk=job.pk).fraction >= handed_back_at
        services.cancel_job(job=job)


def test_the_loss_is_kept_as_a_curve_that_falls(ada: User, as_ada: Client) -> None:
    job = make_job(ada, size=192)

    work()

    job.refresh_from_db()
    fractions, losses = zip(*job.curve, strict=True)
    assert list(fractions) == sorted(set(fractions))
    assert losses[-1] < losses[0]
    assert f'points="{loss_line(job)}"' in as_ada.get(job.get_absolute_url()).content.decode()


def test_a_curve_of_a_long_painting_stays_small_and_even() -> None:
    curve = Curve([])

    for step in range(5000):
        curve.add(SimpleNamespace(fraction=step / 5000, total=1e6 / (step + 1)))

    gaps = np.diff([fraction for fraction, _ in curve.points])
    assert 40 < len(curve.points) <= CURVE_POINTS
    assert gaps.max() < 3 * np.median(gaps)


def test_an_attempt_that_goes_on_redraws_what_it_comes_by_again() -> None:
    curve = Curve([[0.1, 9.0], [0.2, 5.0], [0.3, 4.0]])

    curve.add(SimpleNamespace(fraction=0.2, total=6.0))

    assert curve.points == [[0.1, 9.0], [0.2, 6.0]]


def test_a_worker_that_has_come_to_hold_much_memory_ends_after_its_job(ada: User, settings: Any) -> None:
    settings.WORKER_MEMORY_MB = 1
    first, second = make_job(ada), make_job(ada)

    work()

    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.state, second.state) == (State.SUCCEEDED, State.QUEUED)


def test_a_job_whose_worker_is_killed_is_taken_up_by_another(ada: User) -> None:
    job = make_job(ada)
    large = Job.objects.filter(pk=job.pk)
    large.update(size=384)
    with worker_process() as victim:
        wait_until(lambda: large.filter(state=State.RUNNING, step__gt=0).exists(), 60)
        victim.kill()
        victim.wait()
    large.update(size=64)

    with worker_process(LEASE_SECONDS="1"):
        wait_until(lambda: large.filter(state=State.SUCCEEDED).exists(), 60)

    job.refresh_from_db()
    assert job.attempts == 2


def test_a_failure_tells_its_owner_what_to_do_and_staff_what_happened(ada: User, as_ada: Client) -> None:
    job = make_job(ada)
    Path(job.photo.image.path).unlink()

    work()

    job.refresh_from_db()
    assert (job.state, job.failure) == (State.FAILED, Failure.UNEXPECTED)
    assert "FileNotFoundError" in job.failure_detail
    page = as_ada.get(job.get_absolute_url()).content.decode()
    assert "Try again" in page
    assert "FileNotFoundError" not in page


def test_missing_weights_are_named_as_the_reason(ada: User, settings: Any, tmp_path: Path, monkeypatch: Any) -> None:
    monkeypatch.setenv("STYLESITE_CACHE", str(tmp_path))
    job = make_job(ada)

    work()

    job.refresh_from_db()
    assert job.failure == Failure.NO_WEIGHTS


def test_a_failed_job_can_be_tried_again(ada: User, as_ada: Client) -> None:
    job = make_job(ada)
    Job.objects.filter(pk=job.pk).update(state=State.FAILED, failure=Failure.UNEXPECTED, token=None)
    django_rq.get_queue("interactive").empty()

    as_ada.post(f"{job.get_absolute_url()}retry/")
    work()

    job.refresh_from_db()
    assert (job.state, job.failure) == (State.SUCCEEDED, "")


@pytest.mark.parametrize(
    ("failure", "advised"),
    [
        (Failure.UNEXPECTED, "Try again"),
        (Failure.WORKER_LOST, "Try again"),
        (Failure.OUT_OF_MEMORY, "Change the settings"),
        (Failure.DIVERGED, "Change the settings"),
        (Failure.TIMED_OUT, "Change the settings"),
        (Failure.GENERATOR, "Change the settings"),
    ],
)
def test_what_the_failure_advises_is_the_first_button(
    ada: User, as_ada: Client, failure: Failure, advised: str
) -> None:
    job = make_job(ada)
    Job.objects.filter(pk=job.pk).update(state=State.FAILED, failure=failure, token=None)

    page = as_ada.get(job.get_absolute_url()).content.decode()

    first, second = re.findall(r'class="button([^"]*)"[^>]*><svg.*?</svg>(Try again|Change the settings)<', page)
    assert first[1] == advised
    assert ("button--primary" in first[0], "button--primary" in second[0]) == (True, False)


def test_a_finished_job_is_neither_cancelled_nor_retried(ada: User) -> None:
    job = make_finished_job(ada)

    with pytest.raises(WrongState):
        services.cancel_job(job=job)
    with pytest.raises(WrongState):
        services.retry_job(job=job)


def test_deleting_a_job_deletes_what_it_made(ada: User, as_ada: Client) -> None:
    job = make_finished_job(ada)
    results = {Path(file.path) for file in (job.result_png, job.result_jpeg, job.display, job.card)}
    assert results <= files_in_storage()
    checkpoint_path(job.pk).parent.mkdir(parents=True, exist_ok=True)
    checkpoint_path(job.pk).touch()

    as_ada.post(f"{job.get_absolute_url()}delete/")

    assert not Job.objects.exists()
    assert not results & files_in_storage()
    assert not checkpoint_path(job.pk).exists()


def test_an_unfinished_job_is_not_deleted(ada: User, as_ada: Client) -> None:
    job = make_job(ada)

    as_ada.post(f"{job.get_absolute_url()}delete/")

    assert Job.objects.filter(pk=job.pk).exists()
