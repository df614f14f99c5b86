"""All viewers of one server process: they share one subscription to Redis, and the viewers of a job share its row.

A nudge through Redis carries nothing but a job's id. Whoever watches the job reads its row then, once for all of its
viewers, and at least every few seconds in case a nudge was lost.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager, suppress
from typing import Any
from uuid import UUID
from weakref import WeakKeyDictionary

import redis.asyncio
from django.conf import settings
from django.db import connection
from redis.exceptions import RedisError

from transfer.leases import OUTAGES

logger = logging.getLogger(__name__)

CHANNELS = "stylesite:job:"
# A row is read anew this often though nobody said that it has changed.
LOOK_SECONDS = 5.0
# No viewer can use more pictures a second.
SHORTEST_PAUSE_SECONDS = 0.25
RECONNECT_SECONDS = 1.0
# How long a listener that has missed its cancellation may stay.
HEAR_SECONDS = 1.0

# All rows are read in one thread, through one connection, whichever request began to look.
reader = ThreadPoolExecutor(max_workers=1, thread_name_prefix="watching")

Snapshot = dict[str, Any]
Read = Callable[[UUID], Snapshot]


class Watch:
    """One job, read once for all who look at it. `version` tells one state from the next."""

    def __init__(self, job_id: UUID, read: Read) -> None:
        self.job_id, self.read = job_id, read
        self.viewers = 0
        self.version = 0
        self.state: Snapshot = {}
        self.nudged = asyncio.Event()
        self.changed = asyncio.Event()

    async def follow(self) -> None:
        while True:
            self.nudged.clear()
            self._show(await asyncio.get_running_loop().run_in_executor(reader, self._look))
            await asyncio.sleep(SHORTEST_PAUSE_SECONDS)
            with suppress(TimeoutError):
                async with asyncio.timeout(LOOK_SECONDS):
                    await self.nudged.wait()

    def _look(self) -> Snapshot:
        """The job as it stands; as it stood, where it cannot be read."""
        try:
            return self.read(self.job_id)
        except OUTAGES:
            logger.exception("job %s could not be read; its viewers wait", self.job_id)
            connection.close()
            return self.state

    async def next_after(self, version: int, seconds: float) -> bool:
        """Wait for another state than `version`, no longer than `seconds`; whether there is one."""
        if self.version == version:
            with suppress(TimeoutError):
                async with asyncio.timeout(seconds):
                    await self.changed.wait()
        return self.version != version

    def _show(self, state: Snapshot) -> None:
        if state == self.state:
            return
        self.state = state
        self.version += 1
        changed, self.changed = self.changed, asyncio.Event()
        changed.set()


class Hub:
    """The watches of one event loop, and the one subscription that nudges them."""

    def __init__(self) -> None:
        self.watches: dict[UUID, tuple[Watch, asyncio.Task[None]]] = {}
        self.listener: asyncio.Task[None] | None = None

    @asynccontextmanager
    async def watching(self, job_id: UUID, read: Read) -> AsyncIterator[Watch]:
        """Look at a job together with whoever else does."""
        if self.listener is None:
            self.listener = asyncio.create_task(self._listen())
        if job_id not in self.watches:
            watch = Watch(job_id, read)
            self.watches[job_id] = watch, asyncio.create_task(watch.follow())
        watch, following = self.watches[job_id]
        watch.viewers += 1
        try:
            yield watch
        finally:
            watch.viewers -= 1
            if not watch.viewers:
                del self.watches[job_id]
                following.cancel()
            if not self.watches and self.listener:
                self.listener.cancel()
                self.listener = None
                reader.submit(_close_connection)

    async def _listen(self) -> None:
        while not _cancelled():
            try:
                await self._pass_nudges_on()
            except RedisError:
                logger.warning("nudges are not heard; jobs are looked at every %s s meanwhile", LOOK_SECONDS)
                await asyncio.sleep(RECONNECT_SECONDS)

    async def _pass_nudges_on(self) -> None:
        async with redis.asyncio.from_url(settings.REDIS_URL) as client, client.pubsub() as nudges:
            await nudges.psubscribe(f"{CHANNELS}*")
            while not _cancelled():
                if message := await nudges.get_message(ignore_subscribe_messages=True, timeout=HEAR_SECONDS):
                    self._nudge(message["channel"].decode().removeprefix(CHANNELS))

    def _nudge(self, job_id: str) -> None:
        with suppress(ValueError, KeyError):
            self.watches[UUID(job_id)][0].nudged.set()


def _cancelled() -> bool:
    """Whether the running task has been told to end, even where the Redis client has swallowed the CancelledError."""
    task = asyncio.current_task()
    return task is not None and task.cancelling() > 0


def _close_connection() -> None:
    """That of the thread which this runs in."""
    connection.close()


_hubs: WeakKeyDictionary[asyncio.AbstractEventLoop, Hub] = WeakKeyDictionary()


def hub() -> Hub:
    """That of the running event loop, of which a server process has one."""
    return _hubs.setdefault(asyncio.get_running_loop(), Hub())
