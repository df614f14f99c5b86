from typing import Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path
from django.utils.translation import gettext_lazy as _

from accounts.admin.bases import LookedAt, MadeOnTheSite
from transfer import overview, services
from transfer.errors import Refused
from transfer.models import Job, Photo, Style


@admin.register(Job)
class JobAdmin(LookedAt):
    list_display = ["reference", "owner", "style_name", "preset", "size", "state", "failure", "created_at"]
    list_filter = ["state", "failure", "preset", "created_at"]
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
            "hands": overview.hands(),
            "waiting": overview.waiting(),
            "failed": overview.failed(),
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
