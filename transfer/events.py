"""Live progress: a nudge through Redis when a job's row has changed, and the stream of its states for a viewer.

A message carries nothing but the nudge; what a viewer is sent is read from the row, so a lost message costs at most a
moment's delay. Each event is a whole state, so whoever comes back needs the present one alone.
"""

from __future__ import annotations

import hashlib
import json
import logging
from collections.abc import AsyncIterator, Callable
from typing import Any
from uuid import UUID

import django_rq
from redis.exceptions import RedisError

from transfer.charts import loss_line
from transfer.forecasts import forecast_of_waiting
from transfer.models import Job, State
from transfer.models.jobs import STANDARD, UNFINISHED
from transfer.watching import CHANNELS, hub

logger = logging.getLogger(__name__)

# A silent stream says so this often, for proxies close what is silent.
HEARTBEAT_SECONDS = 15.0
HEARTBEAT = ": still here\n\n"
# After how long a browser that has lost the stream comes back.
RETRY_MS = 2000


Show = Callable[[dict[str, Any]], dict[str, Any]]


def as_it_is(state: dict[str, Any]) -> dict[str, Any]:
    return state


def announce(job_id: UUID) -> None:
    """Tell the viewers of a job that its row has changed."""
    try:
        django_rq.get_connection(STANDARD).publish(f"{CHANNELS}{job_id}", b"")
    except RedisError:
        logger.warning("job %s changed, but its viewers could not be told", job_id, exc_info=True)


async def stream(job_id: UUID, last_event_id: str = "", show: Show = as_it_is) -> AsyncIterator[str]:
    """The job as server-sent events: `progress` at every change, then one `done` when it has ended. A viewer who has
    seen `last_event_id` is not sent that state again; `show` makes of a state what this viewer is sent."""
    yield f"retry: {RETRY_MS}\n\n"
    async with hub().watching(job_id, _read) as watch:
        version = 0
        while True:
            if not await watch.next_after(version, HEARTBEAT_SECONDS):
                yield HEARTBEAT
                continue
            state, version = show(watch.state), watch.version
            if state["state"] not in UNFINISHED:
                break
            event_id = _id_of(state)
            yield _event("progress", state, event_id) if event_id != last_event_id else HEARTBEAT
            last_event_id = event_id
        yield _event("done", {"state": state["state"]}, _id_of(state))


def _read(job_id: UUID) -> dict[str, Any]:
    job = Job.objects.filter(pk=job_id).first()
    return snapshot(job) if job else {"state": "deleted"}


def snapshot(job: Job) -> dict[str, Any]:
    """What a viewer of an unfinished job is shown."""
    forecast = forecast_of_waiting(job.pk) if job.state == State.QUEUED else None
    return {
        "state": job.state,
        "percent": job.percent,
        "step": job.step,
        "total_steps": job.total_steps,
        "scale": job.scale,
        "scales": job.scales,
        "loss": job.loss,
        "loss_line": loss_line(job),
        "seconds_left": job.seconds_left,
        "preview": job.preview_url or None,
        "place": forecast.place if forecast else None,
        "ends_in": round(forecast.ends_in) if forecast else None,
    }


def _id_of(state: dict[str, Any]) -> str:
    return hashlib.sha256(json.dumps(state, sort_keys=True).encode()).hexdigest()[:16]


def _event(name: str, content: dict[str, Any], event_id: str) -> str:
    return f"id: {event_id}\nevent: {name}\ndata: {json.dumps(content)}\n\n"
