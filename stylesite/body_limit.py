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
Explain = Callable[[Scope], tuple[str, str]]


class BodyTooLarge(Exception):
    """More bytes have come than the site takes."""


def in_a_sentence(scope: Scope) -> tuple[str, str]:
    """What is wrong, as a media type and a text."""
    return "text/plain; charset=utf-8", "The upload is larger than this site takes.\n"


class LimitBody:
    """An ASGI application that answers 413 where a body is longer than `limit` says of its request in bytes, and else
    calls `application`. `explain` words the answer."""

    def __init__(self, application: Application, limit: Limit, explain: Explain = in_a_sentence) -> None:
        self.application = application
        self.limit = limit
        self.explain = explain

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.application(scope, receive, send)
            return
        most = await self.limit(scope)
        if _announces_more_than(most, scope):
            await self._refuse(scope, send)
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
            await self._refuse(scope, send)

    async def _refuse(self, scope: Scope, send: Send) -> None:
        media_type, text = self.explain(scope)
        headers = [(b"content-type", media_type.encode()), (b"connection", b"close")]
        await send({"type": "http.response.start", "status": 413, "headers": headers})
        await send({"type": "http.response.body", "body": text.encode()})


def _announces_more_than(most: int, scope: Scope) -> bool:
    length = dict(scope["headers"]).get(b"content-length", b"0")
    return not length.isdigit() or int(length) > most
