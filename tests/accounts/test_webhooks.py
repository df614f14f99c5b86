"""Webhooks: what arrives at a real receiver, and what is never called."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any

import django_rq
import pytest
from django.core.files.storage import default_storage
from django.db import OperationalError
from django.test import Client
from django.utils import timezone

from accounts import outside, webhooks
from accounts.models import Delivery, DeliveryState, User, Webhook
from accounts.webhooks import ATTEMPTS_MAX, add_webhook, deliver_next, notify, signature
from tests.factories import claimed, make_finished_job, make_job
from tests.programs import API, assert_problem, program_of
from tests.transfer.workers import work
from transfer import leases, services


class Receiver(HTTPServer):
    """A program that waits for messages, and answers with `status`."""

    def __init__(self, status: int) -> None:
        super().__init__(("127.0.0.1", 0), Answer)
        self.status = status
        self.received: list[tuple[dict[str, str], bytes]] = []
        self.url = f"http://127.0.0.1:{self.server_port}/told?by=stylesite"


class Answer(BaseHTTPRequestHandler):
    server: Receiver

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.received.append(({name.lower(): value for name, value in self.headers.items()}, body))
        assert self.path == "/told?by=stylesite"
        self.send_response(self.server.status)
        self.send_header("Location", self.server.url)
        self.end_headers()

    def log_message(self, *arguments: Any) -> None:
        """Quietly."""


@contextmanager
def receiving(status: int = 204) -> Iterator[Receiver]:
    with Receiver(status) as receiver:
        thread = threading.Thread(target=receiver.serve_forever, args=[0.01])
        thread.start()
        try:
            yield receiver
        finally:
            receiver.shutdown()
            thread.join()


@pytest.fixture
def receiver(settings: Any) -> Iterator[Receiver]:
    settings.WEBHOOKS_MAY_CALL_PRIVATE_ADDRESSES = True
    with receiving() as running:
        yield running


def tell(user: User, **content: Any) -> Delivery:
    notify(user_id=user.pk, event="job.succeeded", content=content)
    return Delivery.objects.filter(webhook__user=user).latest("created_at")


def come_due() -> None:
    Delivery.objects.update(due_at=timezone.now() - timedelta(seconds=1))


def test_a_message_arrives_with_a_signature_that_its_receiver_can_check(ada: User, receiver: Receiver) -> None:
    webhook = add_webhook(user=ada, url=receiver.url)
    delivery = tell(ada, job="1")

    deliver_next()

    ((headers, body),) = receiver.received
    message = json.loads(body)
    assert (message["type"], message["data"]) == ("job.succeeded", {"job": "1"})
    assert headers["webhook-id"] == str(delivery.pk)
    signed = f"{headers['webhook-id']}.{headers['webhook-timestamp']}.".encode() + body
    key = base64.b64decode(webhook.secret.removeprefix("whsec_"))
    expected = base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()
    assert headers["webhook-signature"] == f"v1,{expected}"
    delivery.refresh_from_db()
    assert (delivery.state, delivery.outcome, delivery.attempts) == ("delivered", "HTTP 204", 1)


def test_the_signature_is_that_of_the_standards_own_example() -> None:
    secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
    body = b'{"test": 2432232314}'

    signed = signature(secret, "msg_p5jXN8AQM9LWM0D4loKWxJek", 1614265330, body)

    assert signed == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("ending", ["succeeded", "failed", "cancelled"])
def test_the_end_of_a_job_is_told_by_a_worker(ada: User, bob: User, receiver: Receiver, ending: str) -> None:
    add_webhook(user=ada, url=receiver.url)
    add_webhook(user=bob, url=receiver.url)
    if ending == "succeeded":
        job = make_finished_job(ada)
    else:
        job = make_job(ada)
        if ending == "failed":
            leases.fail(claimed(job), "memory", "")
        else:
            services.cancel_job(job=job)

    work("webhooks")

    ((_, body),) = receiver.received
    message = json.loads(body)
    assert message["type"] == f"job.{ending}"
    failure = "memory" if ending == "failed" else None
    assert message["data"] == {"job": str(job.pk), "state": ending, "failure": failure}


@pytest.mark.django_db(transaction=True)
def test_a_painting_is_kept_where_nobody_can_be_told(ada: User, monkeypatch: pytest.MonkeyPatch) -> None:
    """What has been written stays, though the database goes away before a sender is woken."""
    add_webhook(user=ada, url="https://example.org/")

    def gone() -> None:
        raise OperationalError("gone")

    monkeypatch.setattr(webhooks, "_due", gone)
    job = make_finished_job(ada)

    assert default_storage.exists(str(job.result_png))
    assert Delivery.objects.get().state == DeliveryState.WAITING


def test_an_end_that_a_worker_may_not_write_is_not_told(ada: User, receiver: Receiver) -> None:
    add_webhook(user=ada, url=receiver.url)
    job = make_job(ada)
    lease = claimed(job)
    services.cancel_job(job=job)

    with pytest.raises(leases.LeaseLost):
        leases.fail(lease, "memory", "")

    assert Delivery.objects.get().event == "job.cancelled"


@pytest.mark.parametrize("status", [301, 302, 307, 400, 410, 500])
def test_what_is_not_taken_is_tried_again_later_and_redirects_are_not_followed(
    ada: User, settings: Any, status: int
) -> None:
    settings.WEBHOOKS_MAY_CALL_PRIVATE_ADDRESSES = True
    with receiving(status) as receiver:
        add_webhook(user=ada, url=receiver.url)
        delivery = tell(ada)
        deliver_next()
        deliver_next()

        assert len(receiver.received) == 1
        delivery.refresh_from_db()
        assert (delivery.state, delivery.outcome) == ("waiting", f"HTTP {status}")
        assert timedelta(seconds=5) < delivery.due_at - timezone.now() <= timedelta(seconds=10)

        receiver.status = 200
        come_due()
        deliver_next()

    delivery.refresh_from_db()
    assert (delivery.state, delivery.attempts) == (DeliveryState.DELIVERED, 2)


def test_pauses_grow_until_the_message_is_given_up_and_shown_as_such(ada: User, as_ada: Client, settings: Any) -> None:
    settings.WEBHOOKS_MAY_CALL_PRIVATE_ADDRESSES = True
    with receiving(500) as receiver:
        add_webhook(user=ada, url=receiver.url)
        delivery = tell(ada)
        pauses = []
        for _ in range(ATTEMPTS_MAX):
            come_due()
            deliver_next()
            delivery.refresh_from_db()
            pauses.append(delivery.due_at - timezone.now())
        come_due()
        deliver_next()

    assert len(receiver.received) == ATTEMPTS_MAX
    assert pauses[:-1] == sorted(pauses[:-1])
    assert delivery.state == DeliveryState.GIVEN_UP
    assert "Given up" in as_ada.get("/accounts/webhooks/").content.decode()
    address = f"{API}/webhooks/{delivery.webhook_id}/deliveries/"
    (told,) = program_of(ada).get(address).json()["results"]
    assert (told["state"], told["outcome"], told["attempts"]) == ("given_up", "HTTP 500", ATTEMPTS_MAX)


def test_a_receiver_that_is_not_there_is_no_error_of_ours(ada: User, settings: Any) -> None:
    settings.WEBHOOKS_MAY_CALL_PRIVATE_ADDRESSES = True
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        add_webhook(user=ada, url=f"http://127.0.0.1:{closed.getsockname()[1]}/")
        delivery = tell(ada)

        deliver_next()

    delivery.refresh_from_db()
    assert "ConnectionRefusedError" in delivery.outcome


def test_a_receiver_that_says_nothing_is_not_waited_for(
    ada: User, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.WEBHOOKS_MAY_CALL_PRIVATE_ADDRESSES = True
    monkeypatch.setattr(outside, "TIMEOUT_SECONDS", 0.1)
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        silent.listen()
        add_webhook(user=ada, url=f"http://127.0.0.1:{silent.getsockname()[1]}/")
        delivery = tell(ada)

        deliver_next()

    delivery.refresh_from_db()
    assert "timed out" in delivery.outcome


def test_what_a_sender_that_died_had_taken_is_sent_by_another(ada: User, receiver: Receiver) -> None:
    add_webhook(user=ada, url=receiver.url)
    tell(ada)
    assert webhooks._claimed()
    deliver_next()
    assert not receiver.received

    come_due()
    deliver_next()

    assert len(receiver.received) == 1


def test_the_sweep_wakes_a_sender_for_what_is_due_and_not_twice(ada: User) -> None:
    add_webhook(user=ada, url="https://example.org/")
    tell(ada)

    webhooks.top_up()
    webhooks.top_up()

    assert django_rq.get_queue("webhooks").count == 1


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1",
        "10.0.0.1",
        "172.16.0.1",
        "192.168.1.1",
        "169.254.169.254",
        "100.64.0.1",
        "0.0.0.0",
        "224.0.0.1",
        "255.255.255.255",
        "::",
        "::1",
        "fe80::1%eth0",
        "fd00::1",
        "ff02::1",
        "::ffff:127.0.0.1",
        "::ffff:169.254.169.254",
        "64:ff9b::7f00:1",
        "2002:7f00:1::",
        "2001:0:7f00:1::",
    ],
)
def test_addresses_within_are_not_public(address: str) -> None:
    assert not outside.is_public(address)


@pytest.mark.parametrize("address", ["8.8.8.8", "2606:4700::1111", "::ffff:8.8.8.8"])
def test_addresses_of_the_public_network_are(address: str) -> None:
    assert outside.is_public(address)


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "2130706433", "0x7f.1", "[::1]", "[::ffff:127.0.0.1]"])
def test_nothing_within_is_called_whatever_it_is_named(ada: User, host: str) -> None:
    with receiving() as receiver:
        Webhook.objects.create(user=ada, url=f"http://{host}:{receiver.server_port}/told?by=stylesite", secret="whsec_")
        delivery = tell(ada)

        deliver_next()

    assert not receiver.received
    delivery.refresh_from_db()
    assert delivery.outcome


def test_the_address_that_was_looked_at_is_the_one_that_is_called(
    ada: User, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A name that is public when asked first and within when asked again."""
    asked: list[str] = []
    resolve = socket.getaddrinfo

    def changing(host: str, *arguments: Any, **options: Any) -> Any:
        asked.append(host)
        return resolve("192.0.2.1" if host == "rebinding.example" else host, *arguments, **options)

    monkeypatch.setattr(socket, "getaddrinfo", changing)
    monkeypatch.setattr(outside, "is_public", lambda address: True)
    monkeypatch.setattr(outside, "TIMEOUT_SECONDS", 0.1)

    with pytest.raises(outside.Unreachable):
        outside.post("http://rebinding.example/", b"", {})

    assert asked.count("rebinding.example") == 1
    assert set(asked) <= {"rebinding.example", "192.0.2.1"}


@pytest.mark.parametrize("url", ["ftp://example.org/", "file:///etc/passwd", "http://127.0.0.1/", "http://[::1]/", "x"])
def test_an_address_that_could_not_be_called_is_refused_at_once(as_ada: Client, ada: User, url: str) -> None:
    assert as_ada.post("/accounts/webhooks/", {"url": url}).status_code == 422
    response = program_of(ada).post(f"{API}/webhooks/", {"url": url}, content_type="application/json")

    assert_problem(response, 400, "invalid")
    assert not Webhook.objects.exists()


def test_a_webhook_is_added_with_its_secret_told_once_and_removed(as_ada: Client, ada: User) -> None:
    made = as_ada.post("/accounts/webhooks/", {"url": "https://example.org/told"})

    webhook = ada.webhooks.get()
    assert made.status_code == 201
    assert webhook.secret in made.content.decode()
    assert webhook.secret not in as_ada.get("/accounts/webhooks/").content.decode()
    as_ada.post(f"/accounts/webhooks/{webhook.pk}/remove/")
    assert not ada.webhooks.exists()


def test_a_program_adds_lists_and_removes_webhooks(ada: User) -> None:
    program = program_of(ada)
    made = program.post(f"{API}/webhooks/", {"url": "https://example.org/"}, content_type="application/json").json()

    assert made.pop("secret") == ada.webhooks.get().secret
    assert program.get(f"{API}/webhooks/").json()["results"] == [made]
    assert program.get(f"{API}/webhooks/{made['id']}/").json() == made
    assert program.delete(f"{API}/webhooks/{made['id']}/").status_code == 204
    assert not Webhook.objects.exists()


def test_someone_elses_webhook_does_not_exist(ada: User, bob: User, as_bob: Client) -> None:
    webhook = add_webhook(user=ada, url="https://example.org/")
    stranger = program_of(bob)

    assert stranger.get(f"{API}/webhooks/{webhook.pk}/").status_code == 404
    assert stranger.get(f"{API}/webhooks/{webhook.pk}/deliveries/").status_code == 404
    assert stranger.delete(f"{API}/webhooks/{webhook.pk}/").status_code == 404
    assert as_bob.post(f"/accounts/webhooks/{webhook.pk}/remove/").status_code == 404
    assert ada.webhooks.exists()


def test_an_account_has_a_limited_number_of_webhooks(ada: User, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(webhooks, "WEBHOOKS_MAX", 0)

    response = program_of(ada).post(
        f"{API}/webhooks/", {"url": "https://example.org/"}, content_type="application/json"
    )

    assert_problem(response, 409, "too_many_webhooks")


def test_old_deliveries_are_forgotten(ada: User) -> None:
    add_webhook(user=ada, url="https://example.org/")
    old, new = tell(ada), tell(ada)
    Delivery.objects.filter(pk=old.pk).update(created_at=timezone.now() - timedelta(days=31))

    assert webhooks.forget_old_deliveries() == 1
    assert Delivery.objects.get() == new
