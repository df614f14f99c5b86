"""Whose turn it is. Redis only wakes a worker; which row it takes is decided here, from the rows, when it takes it."""

from __future__ import annotations

from collections.abc import Collection
from contextvars import ContextVar
from uuid import UUID

from django.conf import settings
from django.db.models import Case, Count, F, Max, OuterRef, Q, QuerySet, Subquery, Value, When
from django.db.models.functions import Coalesce

from transfer.models import Generator, GeneratorState, Job, Preset, State
from transfer.models.jobs import INTERACTIVE, STANDARD

# The queues that this process takes work from.
served: ContextVar[Collection[str]] = ContextVar("served", default=(INTERACTIVE, STANDARD))

_IS_DRAFT = Q(preset=Preset.DRAFT)


def next_job(queues: Collection[str]) -> UUID | None:
    """The waiting job whose turn it is.

    It is the turn of whoever has the fewest jobs running; among them, of whoever had a job started the longest ago. Of
    one person's jobs drafts come first, then the one submitted first. Nobody runs more at once than their limit.
    """
    last_started = _of_owner(Job.objects.filter(owner=OuterRef("owner")), Max("started_at"))
    late = Case(When(_IS_DRAFT, then=0), default=1)
    waiting = _takeable(queues).annotate(last_started=last_started, late=late)
    in_turn = waiting.order_by(F("running").asc(), F("last_started").asc(nulls_first=True), "late", "created_at")
    return in_turn.values_list("pk", flat=True).first()


def count_takeable(queue: str) -> int:
    """How many jobs of the queue wait whose owners may run one more."""
    return _takeable([queue]).count()


def next_training(queues: Collection[str]) -> UUID | None:
    return _trainings().order_by("created_at").values_list("pk", flat=True).first()


def count_trainings(queue: str) -> int:
    return _trainings().count()


def _takeable(queues: Collection[str]) -> QuerySet[Job]:
    own_running = Job.objects.filter(owner=OuterRef("owner"), state=State.RUNNING)
    running = Coalesce(_of_owner(own_running, Count("pk")), Value(0))
    waiting = Job.objects.filter(_in(queues), state=State.QUEUED).annotate(running=running)
    return waiting.filter(running__lt=Coalesce("owner__quota__running_jobs", Value(settings.RUNNING_JOBS_PER_USER)))


def _in(queues: Collection[str]) -> Q:
    """The jobs that wait in some of the queues."""
    if INTERACTIVE in queues and STANDARD in queues:
        return Q()
    return _IS_DRAFT if INTERACTIVE in queues else ~_IS_DRAFT


def _of_owner(jobs: QuerySet[Job], aggregate: Count | Max) -> Subquery:
    """One number over all `jobs`, which are one owner's."""
    return Subquery(jobs.order_by().values("owner").annotate(number=aggregate).values("number"))


def _trainings() -> QuerySet[Generator]:
    return Generator.objects.filter(state=GeneratorState.QUEUED)
