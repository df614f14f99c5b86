"""Refuses request bodies over a limit while they arrive, before Django has stored them anywhere."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
Application = Callable[[Scope, Receive, Send], Awaitable[None]]
Limit = Callable[[Scope], Awaitable[int]]


class BodyTooLarge(Exception):
    """More bytes have come than the site takes."""


class LimitBody:
    """An ASGI application that answers 413 where a body is longer than `limit` says of its request in bytes, and else
    calls `application`."""

    def __init__(self, application: Application, limit: Limit) -> None:
        self.application = application
        self.limit = limit

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.application(scope, receive, send)
            return
        most = await self.limit(scope)
        if _announces_more_than(most, scope):
            await _refuse(send)
        else:
            await self._call_counting(most, scope, receive, send)

    async def _call_counting(self, most: int, scope: Scope, receive: Receive, send: Send) -> None:
        """A body sent in chunks announces no length, so it is counted as it comes."""
        received = 0

        async def counting_receive() -> Message:
            nonlocal received
            message = await receive()
            received += len(message.get("body", b""))
            if received > most:
                raise BodyTooLarge
            return message

        try:
            await self.application(scope, counting_receive, send)
        except BodyTooLarge:
            await _refuse(send)


def _announces_more_than(most: int, scope: Scope) -> bool:
    length = dict(scope["headers"]).get(b"content-length", b"0")
    return not length.isdigit() or int(length) > most


async def _refuse(send: Send) -> None:
    headers = [(b"content-type", b"text/plain; charset=utf-8"), (b"connection", b"close")]
    await send({"type": "http.response.start", "status": 413, "headers": headers})
    await send({"type": "http.response.body", "body": b"The upload is larger than this site takes.\n"})
