"""What is being painted for one person now, as their pages show it while it changes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from transfer.forecasts import Forecast, forecasts_of_waiting
from transfer.models import Job, State
from transfer.templatetags.durations import spoken


@dataclass(frozen=True)
class Easel:
    """A waiting or running job, and in words how far it is."""

    job: Job
    words: str

    def changing(self) -> dict[str, Any]:
        """What of it changes under a viewer's eyes."""
        job = self.job
        return {"state": job.state, "percent": job.percent, "words": self.words, "picture": job.card_url}


def easels(jobs: Sequence[Job]) -> list[Easel]:
    """The running ones first, then the waiting ones in the order in which they were submitted."""
    waiting = [job.pk for job in jobs if job.state == State.QUEUED]
    forecasts = forecasts_of_waiting(waiting) if waiting else {}
    ordered = sorted(jobs, key=lambda job: (job.state != State.RUNNING, job.created_at))
    return [Easel(job, _words(job, forecasts.get(job.pk))) for job in ordered]


def _words(job: Job, forecast: Forecast | None) -> str:
    if job.state == State.QUEUED:
        return _in_line(forecast) if forecast else _("Waiting for a free easel")
    if job.seconds_left is None:
        return _("Mixing the colours")
    return _("About %(time)s left") % {"time": spoken(job.seconds_left)}


def _in_line(forecast: Forecast) -> str:
    words = {"place": forecast.place, "time": spoken(forecast.ends_in)}
    return _("Number %(place)s in line, ready in about %(time)s") % words
