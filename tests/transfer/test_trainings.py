"""Trainings from the queue to a generator, run by a real RQ worker on tiny pictures."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import django_rq
import pytest
from django.db.utils import OperationalError
from django.utils import timezone
from PIL import Image

import ml
from accounts.models import User
from ml import training_images
from tests.factories import (
    files_in_storage,
    make_generator,
    make_job,
    make_training,
    make_user,
    trained_file,
)
from tests.live import wait_until
from tests.transfer.workers import work, worker_process
from transfer import leases, services
from transfer.engine import settings_of
from transfer.leases import Lease, LeaseLost
from transfer.models import Failure, Generator, GeneratorState, State, TrainingFailure
from transfer.queue import TRAINING, run_folder
from transfer.trainings import Curve, finish

pytestmark = pytest.mark.django_db(transaction=True)

LONG = {"steps": 300, "evaluate_every": 100}


@pytest.fixture
def ada(transactional_db: None) -> User:
    return make_user("ada")


def claimed(generator: Generator, worker: str = "trainer") -> Lease:
    lease = leases.claim(TRAINING, generator.pk, worker)
    assert lease
    return lease


def fall_silent(generator: Generator) -> None:
    Generator.objects.filter(pk=generator.pk).update(heartbeat_at=timezone.now() - timedelta(hours=1))


def deliveries(queue: str = "training") -> int:
    return django_rq.get_queue(queue).count


def is_under_way(generator: Generator) -> bool:
    return Generator.objects.filter(pk=generator.pk, state=GeneratorState.TRAINING, step__gt=10).exists()


def is_ready(generator: Generator) -> bool:
    return Generator.objects.filter(pk=generator.pk, state=GeneratorState.READY).exists()


@contextmanager
def going_on(generator: Generator) -> Iterator[None]:
    """Within, the training comes to its end by going on where it stood: what it had logged, down to the moments, stays.
    The log goes with the end of the training, and is read through a handle from before."""
    with (run_folder(generator.pk) / "log.jsonl").open() as log:
        first_line = log.readline()
        yield
        log.seek(0)
        assert log.readline() == first_line
    wait_until(lambda: not run_folder(generator.pk).exists(), 10)


def test_a_worker_trains_a_queued_generator() -> None:
    generator = make_training()

    work("training")

    generator.refresh_from_db()
    assert (generator.state, generator.percent, generator.failure_detail) == (GeneratorState.READY, 100, "")
    assert [point["step"] for point in generator.curve] == [1, 2, 3, 4]
    assert [sheet.step for sheet in generator.sheets.all()] == [4, 2]
    assert generator.metrics["frechet"] > 0
    assert Image.open(generator.sample.open()).size == (480, 320)
    kept = ml.load_generator(Path(generator.weights.path), digest=generator.digest)
    assert kept.about == {"name": "Waves", "data": "Pictures of waves", "licence": "CC0"}


def test_a_painter_takes_no_training_and_a_trainer_no_painting(ada: User) -> None:
    job, generator = make_job(ada), make_training()

    work("training")

    job.refresh_from_db()
    generator.refresh_from_db()
    assert (job.state, generator.state) == (State.QUEUED, GeneratorState.READY)


def test_a_trainer_whose_lease_was_given_away_cannot_write() -> None:
    generator = make_training()
    old = claimed(generator, "old")
    fall_silent(generator)
    leases.sweep()
    new = claimed(generator, "new")

    with pytest.raises(LeaseLost):
        leases.report(old, step=1)
    before = files_in_storage()
    with pytest.raises(LeaseLost):
        finish(old, trained_file())
    assert files_in_storage() == before
    finish(new, trained_file())
    generator.refresh_from_db()
    assert (generator.state, generator.worker, generator.attempts) == (GeneratorState.READY, "new", 2)


def test_a_sweep_delivers_what_redis_lost_and_each_kind_to_its_own_queue(ada: User) -> None:
    make_job(ada)
    make_training()
    for queue in ("interactive", "standard", "training"):
        django_rq.get_queue(queue).empty()

    leases.sweep()
    leases.sweep()

    assert [deliveries(queue) for queue in ("interactive", "standard", "training")] == [1, 0, 1]


def test_a_sweep_clears_away_the_run_of_a_finished_training_and_keeps_one_that_can_be_resumed() -> None:
    finished, cancelled = make_generator(), make_training()
    services.cancel_training(generator=cancelled)
    for generator in (finished, cancelled):
        run_folder(generator.pk).mkdir(parents=True)

    leases.sweep()

    assert [run_folder(generator.pk).exists() for generator in (finished, cancelled)] == [False, True]


def test_a_training_that_loses_every_worker_fails_and_can_be_resumed(settings: Any) -> None:
    generator = make_training()
    for _ in range(settings.MAX_ATTEMPTS):
        claimed(generator)
        fall_silent(generator)
        leases.sweep()
    generator.refresh_from_db()
    assert (generator.state, generator.failure) == (GeneratorState.FAILED, TrainingFailure.WORKER_LOST)

    services.resume_training(generator=generator)

    generator.refresh_from_db()
    assert (generator.state, generator.failure, generator.attempts) == (GeneratorState.QUEUED, "", 0)
    assert deliveries() > 0


def test_a_lease_is_kept_through_silent_work(settings: Any) -> None:
    generator = make_training()
    lease = claimed(generator)
    settings.LEASE_SECONDS = 0.3
    fall_silent(generator)
    silent_since = Generator.objects.get(pk=generator.pk).heartbeat_at

    with leases.kept(lease):
        wait_until(lambda: Generator.objects.get(pk=generator.pk).heartbeat_at != silent_since, 10)


def test_a_killed_trainers_work_is_finished_by_another() -> None:
    generator = make_training(**LONG)
    with worker_process("--queue", "training", CHECKPOINT_SECONDS="0") as victim:
        wait_until(lambda: is_under_way(generator), 60)
        os.kill(victim.pid, signal.SIGKILL)
        victim.wait()
    generator.refresh_from_db()
    assert generator.state == GeneratorState.TRAINING
    assert generator.step < 300

    with worker_process("--queue", "training", LEASE_SECONDS="1"), going_on(generator):
        wait_until(lambda: is_ready(generator), 60)

    generator.refresh_from_db()
    assert (generator.step, generator.attempts) == (300, 2)
    steps = [point["step"] for point in generator.curve]
    assert steps == sorted(set(steps))
    assert steps[0] == 1


def test_a_trainer_told_to_stop_hands_its_training_to_the_next() -> None:
    generator = make_training(**LONG)
    with worker_process("--queue", "training") as first:
        wait_until(lambda: is_under_way(generator), 60)
        first.send_signal(signal.SIGTERM)
        assert first.wait(timeout=30) == 0
    generator.refresh_from_db()
    assert (generator.state, generator.attempts) == (GeneratorState.QUEUED, 0)

    with worker_process("--queue", "training"), going_on(generator):
        wait_until(lambda: is_ready(generator), 60)


def test_a_cancelled_training_stops_and_goes_on_when_it_is_resumed() -> None:
    generator = make_training(**LONG)
    with worker_process("--queue", "training"):
        wait_until(lambda: is_under_way(generator), 60)
        services.cancel_training(generator=generator)
        wait_until(lambda: (run_folder(generator.pk) / "checkpoint").exists(), 30)
        assert Generator.objects.get(pk=generator.pk).state == GeneratorState.CANCELLED

        with going_on(generator):
            services.resume_training(generator=generator)
            wait_until(lambda: is_ready(generator), 60)


def test_unreadable_pictures_fail_the_training_with_a_reason() -> None:
    generator = make_training()
    assert generator.training_set
    Path(generator.training_set.archive.path).write_bytes(b"bits that rotted")

    work("training")

    generator.refresh_from_db()
    assert (generator.state, generator.failure) == (GeneratorState.FAILED, TrainingFailure.PICTURES)
    assert "could not be read" in generator.failure_message
    assert "TrainingImagesError" in generator.failure_detail


def test_more_pictures_than_memory_should_hold_fail_the_training_with_a_reason(monkeypatch: pytest.MonkeyPatch) -> None:
    generator = make_training()
    monkeypatch.setattr(training_images, "MOST_MEMORY", 10_000)

    work("training")

    generator.refresh_from_db()
    assert (generator.state, generator.failure) == (GeneratorState.FAILED, TrainingFailure.TOO_MANY)
    assert "more memory" in generator.failure_message


def test_a_training_goes_on_while_the_database_cannot_be_reached(monkeypatch: pytest.MonkeyPatch) -> None:
    generator = make_training()
    monkeypatch.setattr(leases, "report", failing(leases.report, times=2))

    work("training")

    generator.refresh_from_db()
    assert (generator.state, generator.attempts) == (GeneratorState.READY, 1)


def test_a_painting_goes_on_while_the_database_cannot_be_reached(ada: User, monkeypatch: pytest.MonkeyPatch) -> None:
    job = make_job(ada)
    monkeypatch.setattr(leases, "report", failing(leases.report, times=2))

    work()

    job.refresh_from_db()
    assert (job.state, job.attempts) == (State.SUCCEEDED, 1)


def failing(write: Callable[..., None], times: int) -> Callable[..., None]:
    """`write` with a database that cannot be reached the first few `times`."""
    outages = iter(range(times))

    def failing_write(*lease: Lease, **fields: Any) -> None:
        if next(outages, None) is not None:
            raise OperationalError("server closed the connection unexpectedly")
        write(*lease, **fields)

    return failing_write


def test_a_long_training_has_a_short_curve() -> None:
    curve = Curve([], total_steps=100_000)

    for step in range(1, 5001):
        curve.add(progress_at(step))

    assert len(curve.points) == 12
    assert curve.points[-1]["generator_loss"] == pytest.approx(2.0)


def progress_at(step: int) -> ml.TrainingProgress:
    return ml.TrainingProgress(
        step=step,
        total_steps=100_000,
        fraction=step / 100_000,
        seconds=1.0,
        seconds_left=1.0,
        discriminator_loss=1.0,
        generator_loss=1.0 if step % 2 else 3.0,
        real=0.5,
        fake=0.5,
        frechet=None,
        best_frechet=None,
        best_step=None,
        sheet=None,
        notes=(),
    )


def test_a_painting_starts_from_a_generators_picture_retired_or_not(ada: User) -> None:
    generator = make_generator()
    job = make_job(ada, init="gan", generator=generator, gan_strength=1.0)
    services.retire_generator(generator=generator)

    work()

    job.refresh_from_db()
    assert (settings_of(job).init, settings_of(job).gan_strength) == ("gan", 1.0)
    assert (job.state, job.failure_detail) == (State.SUCCEEDED, "")


def test_a_damaged_generator_fails_the_painting_with_a_reason_for_its_owner(ada: User) -> None:
    generator = make_generator()
    job = make_job(ada, init="gan", generator=generator)
    Path(generator.weights.path).write_bytes(b"bits that rotted")

    work()

    job.refresh_from_db()
    assert (job.state, job.failure) == (State.FAILED, Failure.GENERATOR)
    assert "generator's picture" in job.failure_message
