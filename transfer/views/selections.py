"""What is done with the pictures that were ticked on the page of one's own."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseBase, QueryDict, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from accounts.http import SignedInRequest
from transfer import services
from transfer.archives import Entry, streamed, zipped
from transfer.browsing import uuid_or_none
from transfer.errors import InGallery, Refused, WrongState
from transfer.models import Job, State

# More than any page shows.
MOST_CHOSEN = 200

Say = Callable[[int], str]


@require_POST
@login_required
def stop_selected(request: SignedInRequest) -> HttpResponse:
    outcome = services.cancel_jobs(jobs=_chosen(request))
    return _back(request, outcome, _stopped, {WrongState: _had_ended})


@require_POST
@login_required
def retry_selected(request: SignedInRequest) -> HttpResponse:
    outcome = services.retry_jobs(jobs=_chosen(request).order_by("created_at"))
    return _back(request, outcome, _queued_again, {WrongState: _needs_no_retry})


@require_POST
@login_required
def delete_selected(request: SignedInRequest) -> HttpResponse:
    """Asks first, on a page of its own."""
    jobs = _chosen(request)
    if "confirmed" not in request.POST and jobs:
        context = {"jobs": jobs, "query": request.POST.get("query", "")}
        return render(request, "transfer/jobs_delete.html", context)
    return _back(request, services.delete_jobs(jobs=jobs), _deleted, {InGallery: _hangs, WrongState: _is_painted})


@require_POST
@login_required
def download_selected(request: SignedInRequest) -> HttpResponseBase:
    finished = _chosen(request).filter(state=State.SUCCEEDED)
    if not finished:
        messages.warning(request, _("None of these pictures is finished yet."))
        return redirect(_page_left(request))
    response = StreamingHttpResponse(streamed(zipped(_entries(finished))), content_type="application/zip")
    response["Content-Disposition"] = f'attachment; filename="stylesite-{timezone.now():%Y%m%d-%H%M%S}.zip"'
    response["Cache-Control"] = "no-store"
    return response


def _chosen(request: SignedInRequest) -> QuerySet[Job]:
    """Those of the batch, or the one, whose own button was pressed, else all that were ticked; none of others'."""
    own = Job.objects.filter(owner=request.user).select_related("style", "photo", "owner")
    if batch := uuid_or_none(request.POST.get("batch", "")):
        return own.filter(batch=batch)
    names = request.POST.getlist("only") or request.POST.getlist("job")
    return own.filter(pk__in=[found for name in names[:MOST_CHOSEN] if (found := uuid_or_none(name))])


def _entries(jobs: QuerySet[Job]) -> Iterator[Entry]:
    """The paintings without loss, under names that tell their style and when they were begun."""
    for job in jobs:
        style = slugify(job.style.display_name, allow_unicode=True) or "style"
        yield f"{job.created_at:%Y%m%d-%H%M%S}-{style}-{str(job.pk)[:8]}.png", job.result_png


def _back(
    request: HttpRequest, outcome: services.Outcome, done: Say, refused: dict[type[Refused], Say]
) -> HttpResponse:
    """To the page as it was filtered, with a count of what became of the pictures."""
    if outcome.done:
        messages.success(request, done(outcome.done))
    for sentence in _sentences(outcome.refusals, refused):
        messages.warning(request, sentence)
    if not outcome.done and not outcome.refusals:
        messages.warning(request, _("Choose pictures first, by the boxes in their corners."))
    return redirect(_page_left(request))


def _sentences(refusals: Iterable[Refused], refused: dict[type[Refused], Say]) -> list[str]:
    """One for each kind of refusal: with its count where it concerns single pictures, as it is where it stops all."""
    kinds = Counter(type(refusal) for refusal in refusals)
    said = {type(refusal): str(refusal) for refusal in refusals}
    return [refused[kind](count) if kind in refused else said[kind] for kind, count in kinds.items()]


def _page_left(request: HttpRequest) -> str:
    query = QueryDict(request.POST.get("query", "")).urlencode()
    return reverse("transfer:jobs") + (f"?{query}" if query else "")


def _deleted(count: int) -> str:
    return ngettext("%(count)d picture was deleted.", "%(count)d pictures were deleted.", count) % {"count": count}


def _hangs(count: int) -> str:
    words = ngettext("%(count)d hangs in the gallery and stays.", "%(count)d hang in the gallery and stay.", count)
    return words % {"count": count}


def _is_painted(count: int) -> str:
    words = ngettext(
        "%(count)d is still being painted and stays.", "%(count)d are still being painted and stay.", count
    )
    return words % {"count": count}


def _stopped(count: int) -> str:
    return ngettext("%(count)d painting was stopped.", "%(count)d paintings were stopped.", count) % {"count": count}


def _had_ended(count: int) -> str:
    return ngettext("%(count)d had ended already.", "%(count)d had ended already.", count) % {"count": count}


def _queued_again(count: int) -> str:
    words = ngettext("%(count)d picture was queued again.", "%(count)d pictures were queued again.", count)
    return words % {"count": count}


def _needs_no_retry(count: int) -> str:
    words = ngettext(
        "%(count)d has neither failed nor been stopped.", "%(count)d have neither failed nor been stopped.", count
    )
    return words % {"count": count}
