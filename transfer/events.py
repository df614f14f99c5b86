"""Live progress: a nudge through Redis when a job's row has changed, and the stream of its states for a viewer.

A message carries nothing but the nudge; what a viewer is sent is read from the row, so a lost message costs at most a
moment's delay.
"""

from __future__ import annotations

import json
import logging
from collections.abc import AsyncIterator
from typing import Any
from uuid import UUID

import django_rq
import redis.asyncio
from asgiref.sync import sync_to_async
from django.conf import settings
from django.db import connection
from redis.exceptions import RedisError

from transfer.forecasts import forecasts
from transfer.models import Job, State
from transfer.models.jobs import STANDARD, UNFINISHED

logger = logging.getLogger(__name__)

# A silent stream says so this often: proxies close what is silent, and a row is read anew in case a nudge was lost.
HEARTBEAT_SECONDS = 5.0


def announce(job_id: UUID) -> None:
    """Tell the viewers of a job that its row has changed."""
    try:
        django_rq.get_connection(STANDARD).publish(_channel(job_id), b"")
    except RedisError:
        logger.warning("job %s changed, but its viewers could not be told", job_id, exc_info=True)


async def stream(job_id: UUID) -> AsyncIterator[str]:
    """The job as server-sent events: `progress` at every change, then one `done` when it has ended."""
    client = redis.asyncio.from_url(settings.REDIS_URL)
    async with client, client.pubsub() as nudges:
        await nudges.subscribe(_channel(job_id))
        sent: dict[str, Any] = {}
        while (seen := await sync_to_async(_read)(job_id))["state"] in UNFINISHED:
            yield _event("progress", seen) if seen != sent else ": still here\n\n"
            sent = seen
            await nudges.get_message(ignore_subscribe_messages=True, timeout=HEARTBEAT_SECONDS)
        yield _event("done", {"state": seen["state"]})


def _read(job_id: UUID) -> dict[str, Any]:
    """The job as it stands. A viewer waits far longer than they read, so they hold no connection meanwhile."""
    try:
        job = Job.objects.filter(pk=job_id).first()
        return snapshot(job) if job else {"state": "deleted"}
    finally:
        connection.close()


def snapshot(job: Job) -> dict[str, Any]:
    """What a viewer of an unfinished job is shown."""
    forecast = forecasts().get(job.pk) if job.state == State.QUEUED else None
    return {
        "state": job.state,
        "percent": job.percent,
        "step": job.step,
        "total_steps": job.total_steps,
        "scale": job.scale,
        "scales": job.scales,
        "loss": job.loss,
        "seconds_left": job.seconds_left,
        "preview": job.preview_url or None,
        "place": forecast.place if forecast else None,
        "ends_in": round(forecast.ends_in) if forecast else None,
    }


def _event(name: str, content: dict[str, Any]) -> str:
    return f"event: {name}\ndata: {json.dumps(content)}\n\n"


def _channel(job_id: UUID) -> str:
    return f"stylesite:job:{job_id}"
