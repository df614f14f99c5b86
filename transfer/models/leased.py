"""Rows whose work is done by one worker at a time."""

from __future__ import annotations

import math

from django.db import models
from django.utils.translation import gettext_lazy as _

# What every kind of such work calls the same: its first state, a failed one, and the loss of every worker.
QUEUED = "queued"
FAILED = "failed"
WORKER_LOST = "lost"


class Leased(models.Model):
    """A row that a worker takes, reports on and finishes; see `transfer.leases`.

    A subclass says which its states and its reasons of failure are.
    """

    state = models.CharField(_("state"), max_length=16, db_index=True)
    failure = models.CharField(_("failure"), max_length=16, blank=True)
    failure_detail = models.TextField(_("failure detail"), blank=True)

    # The lease: only the holder of the current token may write.
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    token = models.UUIDField(_("lease token"), null=True, blank=True, editable=False)
    worker = models.CharField(_("worker"), max_length=100, blank=True, editable=False)
    heartbeat_at = models.DateTimeField(_("last sign of life"), null=True, blank=True, editable=False)

    fraction = models.FloatField(_("fraction done"), default=0.0)
    step = models.PositiveIntegerField(_("step"), default=0)
    total_steps = models.PositiveIntegerField(_("steps"), default=0)
    seconds_left = models.PositiveIntegerField(_("seconds left"), null=True, blank=True)

    created_at = models.DateTimeField(_("submitted at"), auto_now_add=True)
    started_at = models.DateTimeField(_("started at"), null=True, blank=True)
    finished_at = models.DateTimeField(_("finished at"), null=True, blank=True)

    class Meta:
        abstract = True

    @property
    def percent(self) -> int:
        return math.floor(self.fraction * 100)

    @property
    def run_time(self) -> float | None:
        """Seconds from the start of the last attempt to the end."""
        if not (self.started_at and self.finished_at):
            return None
        return (self.finished_at - self.started_at).total_seconds()

    @property
    def run_seconds(self) -> int | None:
        return None if self.run_time is None else round(self.run_time)
