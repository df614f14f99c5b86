"""A job's page, its live events, and what its owner does with it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import QuerySet
from django.http import HttpResponse, StreamingHttpResponse
from django.shortcuts import aget_object_or_404, get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST, require_safe

from accounts.http import SignedInRequest
from accounts.models import User
from transfer import events, services
from transfer.addresses import another_photo_query
from transfer.browsing import family_of
from transfer.charts import loss_line
from transfer.downloads import ENCODERS, papers_of, sizes_of
from transfer.errors import Refused
from transfer.forecasts import forecast_of_waiting
from transfer.models import Job, State


@require_safe
@login_required
def job(request: SignedInRequest, pk: UUID) -> HttpResponse:
    return _job_page(request, pk, "transfer/job.html")


@require_safe
@login_required
def job_panel(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """The part of the job's page that changes when the job does."""
    return _job_page(request, pk, "transfer/_job.html")


@require_GET
@login_required
async def job_events(request: SignedInRequest, pk: UUID) -> StreamingHttpResponse:
    """The job's progress as server-sent events."""
    job = await aget_object_or_404(Job, pk=pk, owner=await request.auser())
    return event_stream(job, request.headers.get("Last-Event-ID", ""))


def event_stream(job: Job, last_event_id: str, show: events.Show = events.as_it_is) -> StreamingHttpResponse:
    response = StreamingHttpResponse(events.stream(job.pk, last_event_id, show), content_type="text/event-stream")
    response["Cache-Control"] = "no-store"
    # nginx would collect the events otherwise.
    response["X-Accel-Buffering"] = "no"
    return response


@require_POST
@login_required
def cancel(request: SignedInRequest, pk: UUID) -> HttpResponse:
    return _act(request, pk, services.cancel_job, _("The job was cancelled."))


@require_POST
@login_required
def retry(request: SignedInRequest, pk: UUID) -> HttpResponse:
    return _act(request, pk, services.retry_job, _("The job was queued again."))


@require_POST
@login_required
def delete(request: SignedInRequest, pk: UUID) -> HttpResponse:
    job = _own(request, pk)
    try:
        services.delete_job(job=job)
    except Refused as refusal:
        messages.error(request, str(refusal))
        return redirect(job)
    messages.success(request, _("The picture was deleted."))
    return redirect("transfer:jobs")


@require_POST
@login_required
def vary(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """More like this: sent again with the same `first`, it makes no more of them."""
    job = _own(request, pk)
    first = request.POST.get("first", "")
    found = services.vary_job(job=job, first=int(first) if first.isdecimal() and len(first) < 6 else 0)
    if found.jobs:
        messages.success(request, _variations_queued(len(found.jobs)))
    if found.refusal:
        messages.error(request, str(found.refusal))
    return redirect(f"{job.get_absolute_url()}#siblings")


@require_safe
@login_required
def job_siblings(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """The part of the job's page that shows it among its variations."""
    job = _own(request, pk)
    response = render(request, "transfer/_siblings.html", {"job": job, **_family(job)})
    response["Cache-Control"] = "no-store"
    return response


def _variations_queued(count: int) -> str:
    return ngettext("%(count)d variation will be painted.", "%(count)d variations will be painted.", count) % {
        "count": count
    }


def _act(request: SignedInRequest, pk: UUID, service: Callable[..., None], done: str) -> HttpResponse:
    job = _own(request, pk)
    try:
        service(job=job)
        messages.success(request, done)
    except Refused as refusal:
        messages.error(request, str(refusal))
    return redirect(job)


def job_context(job: Job) -> dict[str, Any]:
    """What a page shows of a job."""
    return {
        "job": job,
        "events_url": reverse("transfer:job_events", args=[job.pk]),
        "forecast": forecast_of_waiting(job.pk) if job.state == State.QUEUED else None,
        "loss_line": loss_line(job),
        **_family(job),
        **(_offers_of(job) if job.state == State.SUCCEEDED else {}),
    }


def _offers_of(job: Job) -> dict[str, Any]:
    """What can be done with a finished painting."""
    return {
        "download_formats": ENCODERS,
        "download_sizes": sizes_of(job),
        "papers": papers_of(job),
        "another_photo_query": another_photo_query(job),
    }


def _job_page(request: SignedInRequest, pk: UUID, template: str) -> HttpResponse:
    response = render(request, template, job_context(_own(request, pk)))
    response["Cache-Control"] = "no-store"
    return response


def _family(job: Job) -> dict[str, Any]:
    family = family_of(job)
    return {
        "family": family if len(family) > 1 else [],
        "family_is_painted": any(member.is_unfinished for member in family),
        # The number of the next variation: a page loaded anew asks for others than the last one did.
        "first_variation": max(0, len(family) - 1),
    }


def jobs_of(user: User) -> QuerySet[Job]:
    """Somebody's jobs with all that a job's page names."""
    jobs = Job.objects.select_related("photo", "style", "generator", "variation_of")
    return jobs.prefetch_related("paints__style").filter(owner=user)


def _own(request: SignedInRequest, pk: UUID) -> Job:
    return get_object_or_404(jobs_of(request.user), pk=pk)
