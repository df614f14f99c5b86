from typing import Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path
from django.utils.translation import gettext_lazy as _

from accounts.admin.bases import LookedAt, MadeOnTheSite
from accounts.webhooks import QUEUE as WEBHOOKS
from transfer import overview, services
from transfer.errors import Refused
from transfer.models import Failure, Job, Photo, Style
from transfer.models.generators import TRAINING_QUEUE
from transfer.models.jobs import INTERACTIVE, STANDARD

# For staff, who look over many; `Failure` tells the owner of one what to do.
CAUSES: dict[str, Any] = {
    Failure.OUT_OF_MEMORY: _("Out of memory"),
    Failure.DIVERGED: _("Did not settle"),
    Failure.TIMED_OUT: _("Took too long"),
    Failure.NO_WEIGHTS: _("The network’s weights are missing"),
    Failure.GENERATOR: _("The generator made no picture"),
    Failure.WORKER_LOST: _("Lost its worker several times"),
    Failure.UNEXPECTED: _("Unexpected error"),
}
QUEUES: dict[str, Any] = {
    INTERACTIVE: _("Drafts"),
    STANDARD: _("Standard and fine paintings"),
    TRAINING_QUEUE: _("Training of generators"),
    WEBHOOKS: _("Webhooks and e-mails"),
}


class CauseFilter(admin.SimpleListFilter):
    title = _("failure")
    parameter_name = "failure__exact"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return list(CAUSES.items())

    def queryset(self, request: HttpRequest, jobs: QuerySet[Job]) -> QuerySet[Job]:
        return jobs.filter(failure=self.value()) if self.value() else jobs


@admin.register(Job)
class JobAdmin(LookedAt):
    list_display = ["reference", "state", "owner", "style_name", "preset", "size", "cause", "created_at"]
    list_filter = ["state", CauseFilter, "preset", "created_at"]
    search_fields = ["id", "owner__username", "owner__email"]
    list_select_related = ["owner", "style"]
    actions = ["cancel", "retry"]

    @admin.display(description=_("job"), ordering="id")
    def reference(self, job: Job) -> str:
        """As much of its id as tells it from others."""
        return str(job.pk)[:8]

    @admin.display(description=_("style"), ordering="style__name")
    def style_name(self, job: Job) -> str:
        return job.style.display_name

    @admin.display(description=_("failure"), ordering="failure")
    def cause(self, job: Job) -> Any:
        return CAUSES.get(job.failure)

    def get_urls(self) -> list[Any]:
        own = [path("queue/", self.admin_site.admin_view(self.queue_view), name="transfer_job_queue")]
        return own + super().get_urls()

    def queue_view(self, request: HttpRequest) -> HttpResponse:
        """What waits, who works on what, and what went wrong."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": _("The queue and its workers"),
            "workers": [(hand, _named(hand.queues)) for hand in overview.hands()],
            "waiting": [(QUEUES[each.queue], each) for each in overview.waiting()],
            "failed": [(CAUSES[each.failure], each) for each in overview.failed()],
        }
        response = render(request, "admin/transfer/job/queue.html", context)
        response["Cache-Control"] = "no-store"
        return response

    @admin.action(description=_("Cancel"), permissions=["delete"])
    def cancel(self, request: HttpRequest, jobs: QuerySet[Job]) -> None:
        self._each(request, jobs, services.cancel_job)

    @admin.action(description=_("Try again"), permissions=["delete"])
    def retry(self, request: HttpRequest, jobs: QuerySet[Job]) -> None:
        self._each(request, jobs, services.retry_job)

    def _each(self, request: HttpRequest, jobs: QuerySet[Job], act) -> None:  # type: ignore[no-untyped-def]
        for job in jobs:
            try:
                act(job=job)
            except Refused as refusal:
                self.message_user(request, f"{job.pk}: {refusal}", level="warning")


def _named(queues: list[str]) -> list[Any]:
    return [QUEUES.get(queue, queue) for queue in queues]


@admin.register(Photo)
class PhotoAdmin(LookedAt):
    list_display = ["id", "owner", "width", "height", "created_at"]
    search_fields = ["id", "owner__username"]


@admin.register(Style)
class StyleAdmin(MadeOnTheSite):
    list_display = ["name", "owner", "slug", "retired", "created_at"]
    list_filter = ["retired"]
    search_fields = ["name", "owner__username"]
    fields = ["name", "description", "position", "retired"]
