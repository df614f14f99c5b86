"""The event stream, read as a viewer's browser reads it."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import suppress
from typing import Any
from uuid import uuid4

import pytest
from asgiref.sync import sync_to_async
from django.db.utils import InterfaceError, OperationalError
from django.http import StreamingHttpResponse
from django.test import AsyncClient
from redis.asyncio.client import PubSub

from accounts.models import User
from tests.factories import make_finished_job, make_image, make_job, make_user
from transfer import events, leases, services, watching
from transfer.jobs import finish
from transfer.queue import PAINTING

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def ada(transactional_db: None) -> User:
    return make_user("ada")


@pytest.fixture
def viewer(ada: User) -> AsyncClient:
    client = AsyncClient(headers={"Accept-Encoding": "gzip"})
    client.force_login(ada)
    return client


async def events_of(response: Any) -> AsyncIterator[tuple[str, dict[str, Any]]]:
    assert isinstance(response, StreamingHttpResponse)
    async for chunk in response:  # type: ignore[attr-defined]
        lines = (line.partition(": ") for line in chunk.decode().strip().split("\n"))
        fields = {name: value for name, _, value in lines}
        if "event" in fields:
            yield fields["event"], json.loads(fields["data"])


async def next_event(stream: AsyncIterator[tuple[str, dict[str, Any]]]) -> tuple[str, dict[str, Any]]:
    return await asyncio.wait_for(anext(stream), timeout=10)


async def open_stream(
    viewer: AsyncClient, job: Any, last_event_id: str = ""
) -> AsyncIterator[tuple[str, dict[str, Any]]]:
    response = await viewer.get(f"{job.get_absolute_url()}events/", headers={"Last-Event-ID": last_event_id})
    assert response.headers["Content-Type"] == "text/event-stream"
    return events_of(response)


async def test_a_viewer_sees_every_change_and_then_the_end(ada: User, viewer: AsyncClient) -> None:
    job = await sync_to_async(make_job)(ada)
    stream = await open_stream(viewer, job)
    assert (await next_event(stream))[1]["state"] == "queued"

    lease = await sync_to_async(leases.claim)(PAINTING, job.pk, "tests")
    assert lease
    assert (await next_event(stream))[1]["state"] == "running"

    await sync_to_async(leases.report)(
        lease, step=5, total_steps=10, fraction=0.5, loss=1.25, seconds_left=7, scale=2, scales=3
    )
    assert await next_event(stream) == (
        "progress",
        {
            "state": "running",
            "percent": 50,
            "step": 5,
            "total_steps": 10,
            "scale": 2,
            "scales": 3,
            "loss": 1.25,
            "loss_line": "",
            "seconds_left": 7,
            "preview": None,
            "place": None,
            "ends_in": None,
        },
    )

    await sync_to_async(finish)(lease, make_image())
    assert await next_event(stream) == ("done", {"state": "succeeded"})
    with pytest.raises(StopAsyncIteration):
        await next_event(stream)


async def test_many_viewers_of_a_job_cost_one_reading_of_its_row(
    ada: User, viewer: AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    job = await sync_to_async(make_job)(ada)
    readings: list[Any] = []
    snapshot = events.snapshot

    def counting(seen: Any) -> dict[str, Any]:
        readings.append(seen)
        return snapshot(seen)

    monkeypatch.setattr(events, "snapshot", counting)
    streams = [await open_stream(viewer, job) for _ in range(5)]
    for stream in streams:
        assert (await next_event(stream))[1]["state"] == "queued"
    assert len(readings) == 1

    lease = await sync_to_async(leases.claim)(PAINTING, job.pk, "tests")
    assert lease
    for stream in streams:
        assert (await next_event(stream))[1]["state"] == "running"

    assert len(readings) == 2
    for stream in streams:
        await stream.aclose()  # type: ignore[attr-defined]


async def test_a_viewer_who_comes_back_is_not_sent_again_what_they_have_seen(ada: User, viewer: AsyncClient) -> None:
    job = await sync_to_async(make_job)(ada)
    response = await viewer.get(f"{job.get_absolute_url()}events/")
    chunks = aiter(response)
    while not (seen := (await anext(chunks)).decode()).startswith("id: "):
        continue
    last = seen.partition("\n")[0].removeprefix("id: ")
    stream = await open_stream(viewer, job, last)
    returned = asyncio.ensure_future(next_event(stream))

    await sync_to_async(services.cancel_job)(job=job)

    assert await returned == ("done", {"state": "cancelled"})


async def test_viewers_stay_through_an_outage_of_the_database(
    ada: User, viewer: AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(watching, "LOOK_SECONDS", 0.1)
    job = await sync_to_async(make_job)(ada)
    answers: list[Exception | None] = [None, OperationalError("gone"), InterfaceError("closed")]
    snapshot = events.snapshot

    def through(seen: Any) -> dict[str, Any]:
        if answers and (outage := answers.pop(0)):
            raise outage
        return snapshot(seen)

    monkeypatch.setattr(events, "snapshot", through)
    stream = await open_stream(viewer, job)
    assert (await next_event(stream))[1]["state"] == "queued"

    await sync_to_async(services.cancel_job)(job=job)

    assert await next_event(stream) == ("done", {"state": "cancelled"})
    assert not answers


async def test_a_cancelled_job_ends_its_stream(ada: User, viewer: AsyncClient) -> None:
    job = await sync_to_async(make_job)(ada)
    stream = await open_stream(viewer, job)
    await next_event(stream)

    await sync_to_async(services.cancel_job)(job=job)

    assert await next_event(stream) == ("done", {"state": "cancelled"})


async def test_the_stream_of_a_finished_job_says_so_at_once(ada: User, viewer: AsyncClient) -> None:
    job = await sync_to_async(make_finished_job)(ada)

    stream = await open_stream(viewer, job)

    assert await next_event(stream) == ("done", {"state": "succeeded"})


async def test_strangers_are_sent_to_sign_in(ada: User) -> None:
    job = await sync_to_async(make_job)(ada)

    response = await AsyncClient().get(f"{job.get_absolute_url()}events/")

    assert response.status_code == 302


async def test_the_last_viewer_ends_the_listening_even_where_redis_swallows_the_cancellation(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    psubscribe = PubSub.psubscribe
    subscribing = asyncio.Event()

    async def swallowing(self: PubSub, *patterns: str) -> None:
        subscribing.set()
        with suppress(asyncio.CancelledError):
            await asyncio.Event().wait()
        await psubscribe(self, *patterns)

    monkeypatch.setattr(PubSub, "psubscribe", swallowing)
    hub = watching.Hub()
    async with hub.watching(uuid4(), lambda _: {}):
        await subscribing.wait()
        listener = hub.listener

    assert listener
    await asyncio.wait({listener}, timeout=10)

    assert listener.done()
