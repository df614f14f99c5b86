from __future__ import annotations

from collections.abc import MutableMapping
from typing import Any

import pytest
from asgiref.sync import sync_to_async
from django.conf import settings
from django.test import Client

from stylesite.asgi import ARCHIVES_MAX_BYTES, BATCHES_MAX_BYTES, BODIES_MAX_BYTES, most_bytes
from stylesite.body_limit import LimitBody
from tests.factories import make_user
from transfer.services import LARGEST_BATCH


async def read_everything(scope: Any, receive: Any, send: Any) -> None:
    """An application that reads its request to the end and then says so."""
    while (await receive()).get("more_body"):
        pass
    await send({"type": "http.response.start", "status": 200, "headers": []})
    await send({"type": "http.response.body", "body": b"read"})


async def ten_bytes(scope: Any) -> int:
    return 10


async def status_of(chunks: list[bytes], headers: list[tuple[bytes, bytes]]) -> int:
    """What a limit of ten bytes answers to a body sent in these chunks."""
    messages = [{"type": "http.request", "body": chunk, "more_body": True} for chunk in chunks]
    messages.append({"type": "http.request", "body": b"", "more_body": False})
    sent: list[MutableMapping[str, Any]] = []

    async def receive() -> MutableMapping[str, Any]:
        return messages.pop(0)

    async def send(message: MutableMapping[str, Any]) -> None:
        sent.append(message)

    await LimitBody(read_everything, ten_bytes)({"type": "http", "headers": headers}, receive, send)
    return int(sent[0]["status"])


@pytest.mark.parametrize(("chunks", "status"), [([b"12345"], 200), ([b"12345"] * 2, 200), ([b"12345"] * 3, 413)])
async def test_a_body_sent_in_chunks_is_counted(chunks: list[bytes], status: int) -> None:
    assert await status_of(chunks, []) == status


@pytest.mark.parametrize(("length", "status"), [(b"10", 200), (b"11", 413), (b"-1", 413), (b"many", 413)])
async def test_an_announced_length_is_believed(length: bytes, status: int) -> None:
    assert await status_of([], [(b"content-length", length)]) == status


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    ("path", "is_superuser", "most"),
    [
        ("/admin/transfer/trainingset/add/", True, ARCHIVES_MAX_BYTES),
        ("/admin/transfer/trainingset/add/", False, BODIES_MAX_BYTES),
        ("/studio/", True, BODIES_MAX_BYTES),
        ("/studio/batch/", False, BATCHES_MAX_BYTES),
    ],
)
async def test_long_bodies_are_taken_where_they_are_expected_from_who_may_send_them(
    path: str, is_superuser: bool, most: int
) -> None:
    cookie = await sync_to_async(session_cookie)(is_superuser)

    assert await most_bytes({"path": path, "method": "POST", "headers": [(b"cookie", cookie)]}) == most


@pytest.mark.django_db(transaction=True)
async def test_a_stranger_sends_no_batch() -> None:
    assert await most_bytes({"path": "/studio/batch/", "method": "POST", "headers": []}) == BODIES_MAX_BYTES


def test_a_batch_of_the_largest_photos_is_taken() -> None:
    assert settings.UPLOAD_MAX_BYTES * LARGEST_BATCH < BATCHES_MAX_BYTES


def session_cookie(is_superuser: bool) -> bytes:
    visitor = Client()
    visitor.force_login(make_user("ada", is_superuser=is_superuser))
    return f"sessionid={visitor.cookies['sessionid'].value}".encode()
