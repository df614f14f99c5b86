"""What staff and Prometheus see of the queue."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import httpx
import pytest
from django.conf import settings
from django.core.management import call_command
from django.test import Client
from django.utils import timezone
from prometheus_client import generate_latest

from accounts.models import User
from tests.factories import claimed, make_finished_job, make_job, make_training, make_user
from tests.live import free_port, wait_until
from tests.transfer.workers import worker_process
from transfer import gpus, leases, metrics, overview
from transfer.admin.work import CAUSES, QUEUES
from transfer.gpus import Gpu
from transfer.models import Failure, Job
from transfer.overview import Hand
from transfer.queue import TRAINING

QUEUE = "/admin/transfer/job/queue/"


@pytest.fixture
def as_staff(client: Client, db: None) -> Client:
    client.force_login(make_user("staff", is_staff=True, is_superuser=True))
    return client


def test_what_waits_is_counted_by_queue_and_person_the_longest_waiting_first(ada: User, bob: User) -> None:
    for owner, preset in ((ada, "draft"), (ada, "standard"), (ada, "fine"), (bob, "draft")):
        make_job(owner, preset=preset)
    Job.objects.filter(owner=bob).update(created_at=timezone.now() - timedelta(hours=2))
    claimed(Job.objects.get(owner=ada, preset="draft"))

    found = [(each.queue, each.owner, each.count) for each in overview.waiting()]

    assert found == [("interactive", "bob", 1), ("standard", "ada", 2)]


def test_a_job_whose_worker_redis_does_not_know_is_shown_all_the_same(ada: User) -> None:
    job = make_job(ada)
    claimed(job, "elsewhere:7")

    assert ("elsewhere:7", job) in [(hand.name, hand.job) for hand in overview.hands()]


@pytest.mark.django_db(transaction=True)
def test_a_living_worker_is_shown_with_its_job(transactional_db: None) -> None:
    job = make_job(make_user("ada"), size=512, preset="fine")

    with worker_process("--queue", "standard"):
        hand = wait_until(lambda: next((hand for hand in overview.hands() if hand.job), None), 60)

        assert (hand.job, hand.queues) == (job, ["standard"])


def test_failures_are_grouped_by_reason_the_most_frequent_first(ada: User) -> None:
    for failure in ("memory", "unexpected", "unexpected"):
        leases.fail(claimed(make_job(ada)), failure, "")
    leases.fail(claimed(old := make_job(ada)), "diverged", "")
    Job.objects.filter(pk=old.pk).update(finished_at=timezone.now() - timedelta(days=8))

    assert [(each.failure, each.count) for each in overview.failed()] == [("unexpected", 2), ("memory", 1)]


def test_staff_see_the_queue_and_are_led_to_its_jobs(ada: User, as_staff: Client) -> None:
    claimed(running := make_job(ada))
    make_job(ada, preset="standard")
    leases.fail(claimed(make_job(ada)), "memory", "")

    page = as_staff.get(QUEUE).content.decode()

    assert f"/admin/transfer/job/{running.pk}/change/" in page
    assert "Standard and fine paintings" in page
    assert "Out of memory" in page
    assert "too large for this machine" in page
    assert QUEUE in as_staff.get("/admin/transfer/job/").content.decode()


@pytest.mark.parametrize("alive", [[Hand("here:1", ["training"])], []], ids=["alive", "unknown to Redis"])
def test_a_trainer_is_shown_with_its_training(
    as_staff: Client, monkeypatch: pytest.MonkeyPatch, alive: list[Hand]
) -> None:
    monkeypatch.setattr(overview, "_alive", lambda: alive)
    leases.claim(TRAINING, (generator := make_training()).pk, "here:1")

    page = as_staff.get(QUEUE).content.decode()

    assert generator.get_absolute_url() in page
    assert "idle" not in page


def test_an_idle_worker_is_shown_with_its_last_sign_of_life(as_staff: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    heard_at = timezone.now() - timedelta(minutes=3, seconds=30)
    monkeypatch.setattr(overview, "_alive", lambda: [Hand("here:1", ["standard"], heard_at=heard_at)])

    page = as_staff.get(QUEUE).content.decode()

    assert "idle" in page
    assert "3\xa0minutes ago" in page


def test_failed_jobs_are_found_by_the_cause(ada: User, as_staff: Client) -> None:
    for failure in ("memory", "diverged"):
        leases.fail(claimed(make_job(ada)), failure, "")

    page = as_staff.get("/admin/transfer/job/?failure__exact=memory")

    assert [job.failure for job in page.context["cl"].result_list] == ["memory"]
    assert "Out of memory" in page.content.decode()


def test_only_a_narrowed_list_offers_to_show_all(ada: User, as_staff: Client) -> None:
    make_job(ada)

    assert "Show all" not in as_staff.get("/admin/transfer/job/").content.decode()
    assert "Show all" in as_staff.get("/admin/transfer/job/?q=ada").content.decode()
    assert "Show all" in as_staff.get("/admin/transfer/job/?state__exact=queued").content.decode()


def test_every_failure_and_every_queue_has_words_for_staff() -> None:
    assert set(CAUSES) == set(Failure.values)
    assert set(QUEUES) == set(settings.RQ_QUEUES)


def test_an_idle_site_says_so(as_staff: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(overview, "_alive", list)

    page = as_staff.get(QUEUE).content.decode()

    assert "No worker is alive." in page
    assert "Nothing is waiting." in page
    assert "Nothing has failed." in page


def test_the_queue_is_for_staff_alone(as_ada: Client, client: Client) -> None:
    assert as_ada.get(QUEUE).status_code == 302
    assert client.get(QUEUE).status_code == 302


def test_staff_without_the_right_do_not_see_it(client: Client, db: None) -> None:
    client.force_login(make_user("helper", is_staff=True))

    assert client.get(QUEUE).status_code == 403


@pytest.mark.django_db(transaction=True)
def test_metrics_tell_of_the_rows(transactional_db: None) -> None:
    ada = make_user("ada")
    make_finished_job(ada)
    make_job(ada)
    make_training()
    leases.fail(claimed(make_job(ada)), "memory", "")

    text = generate_latest(metrics.registry()).decode()

    for line in (
        'stylesite_waiting{queue="interactive"} 1.0',
        'stylesite_waiting{queue="standard"} 0.0',
        'stylesite_waiting{queue="training"} 1.0',
        'stylesite_jobs_total{state="succeeded"} 1.0',
        'stylesite_failures_total{reason="memory"} 1.0',
        "stylesite_workers_busy 0.0",
    ):
        assert line in text


@pytest.mark.django_db(transaction=True)
def test_metrics_tell_how_long_people_waited_and_workers_painted(transactional_db: None) -> None:
    job = make_finished_job(make_user("ada"))
    began = job.created_at + timedelta(seconds=2)
    Job.objects.update(started_at=began, finished_at=began + timedelta(seconds=5))

    text = generate_latest(metrics.registry()).decode()

    assert "stylesite_job_wait_seconds_sum 2.0" in text
    assert "stylesite_job_run_seconds_sum 5.0" in text
    assert "stylesite_job_run_seconds_count 1.0" in text


@pytest.mark.django_db(transaction=True)
def test_metrics_tell_of_the_memory_of_each_gpu(transactional_db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(metrics, "gpus", lambda: [Gpu(0, "Large", memory_used=3 * 2**30, memory=80 * 2**30)])

    text = generate_latest(metrics.registry()).decode()

    assert 'stylesite_gpu_memory_used_bytes{gpu="0",name="Large"} 3.221225472e+09' in text


def test_a_machine_without_a_driver_has_no_gpus(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("CUDA_VISIBLE_DEVICES", raising=False)

    assert gpus.gpus() == []
    assert gpus.usable() == []


def test_metrics_have_an_address_of_their_own(monkeypatch: pytest.MonkeyPatch) -> None:
    port, seen = free_port(), []

    def look_and_stop(thread: Any) -> None:
        seen.append(httpx.get(f"http://127.0.0.1:{port}/metrics").status_code)

    monkeypatch.setattr(metrics.SiteCollector, "_families", lambda self: iter(()))
    monkeypatch.setattr("threading.Thread.join", look_and_stop)

    call_command("metrics", port=port, verbosity=0)

    assert seen == [200]


def test_metrics_are_not_on_the_public_address(client: Client, db: None) -> None:
    assert client.get("/metrics").status_code == 404
