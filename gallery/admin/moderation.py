"""The moderators' desk: works that somebody should look at, what was done, and what artists object to."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db.models import FloatField, Q, QuerySet, Sum, Value
from django.db.models.functions import Coalesce
from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from accounts.admin.bases import Kept
from gallery import services
from gallery.admin.acts import Moderates, ModeratesWorks, moderator_of
from gallery.models import Act, Appeal, Artwork, Reason, Report
from gallery.models.moderation import WorkToLookAt
from transfer.errors import Refused

OPEN = Q(reports__settled_at=None, reports__isnull=False)


@admin.register(WorkToLookAt)
class WorkToLookAtAdmin(ModeratesWorks, Kept):
    list_display = ["thumbnail", "title", "standing", "weight", "what_is_wrong", "artist", "published_at"]
    list_display_links = ["title"]
    list_filter = ["standing"]
    list_select_related = ["artist", "painting"]
    list_per_page = 50
    search_fields = ["title", "artist__username"]
    fields = ("thumbnail", "title", "description", "artist", "standing", "is_featured", "what_is_wrong", "published_at")
    readonly_fields = fields

    def get_queryset(self, request: HttpRequest) -> QuerySet[WorkToLookAt]:
        """Those with the heaviest reports first."""
        weight = Coalesce(Sum("reports__weight", filter=OPEN), Value(0.0), output_field=FloatField())
        works = super().get_queryset(request).annotate(weight=weight)
        return works.order_by("-weight", "-published_at").prefetch_related("painting__renditions", "reports")

    @admin.display(description=_("picture"))
    def thumbnail(self, work: Artwork) -> str:
        small = work.painting.at_least(320)
        return format_html('<img class="moderated" src="{}" alt="" width="160" loading="lazy">', small.url)

    @admin.display(description=_("weight of reports"), ordering="weight")
    def weight(self, work: Any) -> str:
        return f"{work.weight:g}"

    @admin.display(description=_("reports"))
    def what_is_wrong(self, work: Artwork) -> str:
        told = [report for report in work.reports.all() if report.settled_at is None]
        lines = [f"{Reason(report.reason).label}: {report.comment}".rstrip(": ") for report in told]
        return "; ".join(lines) or "–"


@admin.register(Report)
class ReportAdmin(Moderates, Kept):
    list_display = ["artwork", "reason", "settled_at", "comment", "reporter", "weight", "created_at"]
    list_filter = ["reason", ("settled_at", admin.EmptyFieldListFilter), "created_at"]
    list_select_related = ["artwork", "reporter"]
    search_fields = ["artwork__title", "reporter__username"]


@admin.register(Act)
class ActAdmin(Moderates, Kept):
    list_display = ["at", "kind", "title", "undone_at", "artist", "moderator", "reason", "undone_by"]
    list_filter = ["kind", "at"]
    list_select_related = ["artist", "moderator", "undone_by"]
    search_fields = ["title", "artist__username", "moderator__username"]
    actions = ["undo"]

    @admin.action(description=_("Undo"), permissions=["moderate"])
    def undo(self, request: HttpRequest, acts: QuerySet[Act]) -> None:
        for act in acts:
            services.undo(act=act, moderator=moderator_of(request))
        done = ngettext("%(count)d act was undone.", "%(count)d acts were undone.", len(acts))
        self.message_user(request, done % {"count": len(acts)})


@admin.register(Appeal)
class AppealAdmin(Moderates, Kept):
    list_display = ["act", "granted", "text", "created_at", "answered_by"]
    list_filter = [("answered_at", admin.EmptyFieldListFilter), "granted"]
    list_select_related = ["act", "answered_by"]
    actions = ["grant", "turn_down"]

    @admin.action(description=_("Grant: undo the act"), permissions=["moderate"])
    def grant(self, request: HttpRequest, appeals: QuerySet[Appeal]) -> None:
        self._answer(request, appeals, granted=True)

    @admin.action(description=_("Turn down"), permissions=["moderate"])
    def turn_down(self, request: HttpRequest, appeals: QuerySet[Appeal]) -> None:
        self._answer(request, appeals, granted=False)

    def _answer(self, request: HttpRequest, appeals: QuerySet[Appeal], *, granted: bool) -> None:
        for appeal in appeals:
            try:
                services.answer(appeal=appeal, granted=granted, moderator=moderator_of(request))
            except Refused as refusal:
                self.message_user(request, f"{appeal}: {refusal}", level="warning")
            else:
                self.message_user(request, _("Granted: %s") % appeal if granted else _("Turned down: %s") % appeal)
