"""Generators in the admin: watch a training, and say what paintings may start from."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import admin, messages
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import URLPattern, path
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from transfer import services
from transfer.charts import charts_of
from transfer.errors import Refused
from transfer.models import Generator, SampleSheet
from transfer.views.files import file_of

ACTS: dict[str, Callable[..., None]] = {
    "cancel": services.cancel_training,
    "resume": services.resume_training,
    "publish": services.publish_generator,
    "retire": services.retire_generator,
}


@admin.register(Generator)
class GeneratorAdmin(admin.ModelAdmin):
    list_display = ["name", "shown_state", "done", "distance", "trained_on", "created_at"]
    list_filter = ["state", "created_at"]
    search_fields = ["name", "trained_on"]
    actions = ["cancel", "resume", "publish", "retire"]

    class Media:
        css = {"all": ["css/generators.css"]}

    def has_add_permission(self, request: HttpRequest) -> bool:
        """A generator is begun at its training set."""
        return False

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view
        own = [
            path("<uuid:pk>/panel/", view(self.panel_view), name="transfer_generator_panel"),
            path("<uuid:pk>/act/<str:act>/", view(require_POST(self.act_view)), name="transfer_generator_act"),
            path("<uuid:pk>/sheet.webp", view(self.kept_sheet_view), name="transfer_generator_kept_sheet"),
            path("<uuid:pk>/sheets/<int:step>.webp", view(self.sheet_view), name="transfer_generator_sheet"),
        ]
        return [*own, *super().get_urls()]

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        try:
            return self._page(request, unquote(object_id), "admin/transfer/generator/page.html")
        except ValidationError as error:
            raise Http404 from error

    def panel_view(self, request: HttpRequest, pk: UUID) -> HttpResponse:
        """The part of the page that changes when the training does."""
        return self._page(request, pk, "admin/transfer/generator/_panel.html")

    def act_view(self, request: HttpRequest, pk: UUID, act: str) -> HttpResponse:
        if not self.has_change_permission(request):
            raise PermissionDenied
        if act not in ACTS:
            raise Http404
        generator = get_object_or_404(Generator, pk=pk)
        self._act(request, generator, act)
        return redirect(generator)

    def kept_sheet_view(self, request: HttpRequest, pk: UUID) -> HttpResponse:
        if not self.has_view_permission(request):
            raise PermissionDenied
        return file_of(get_object_or_404(Generator, pk=pk), "sheet", ("sheet",))

    def sheet_view(self, request: HttpRequest, pk: UUID, step: int) -> HttpResponse:
        if not self.has_view_permission(request):
            raise PermissionDenied
        response = file_of(get_object_or_404(SampleSheet, generator=pk, step=step), "image", ("image",))
        # A training that goes on from its checkpoint comes by some steps again.
        response["Cache-Control"] = "private, no-cache"
        return response

    @admin.display(description=_("state"), ordering="state")
    def shown_state(self, generator: Generator) -> str:
        return format_html('<span class="state state--{}">{}</span>', generator.state, generator.get_state_display())

    @admin.display(description=_("done"), ordering="fraction")
    def done(self, generator: Generator) -> str:
        return f"{generator.percent}\N{NO-BREAK SPACE}%"

    @admin.display(description=_("Fréchet distance"))
    def distance(self, generator: Generator) -> str:
        distance = generator.metrics.get("frechet")
        return "–" if distance is None else f"{distance:.4g}"

    @admin.action(description=_("Cancel the training"), permissions=["change"])
    def cancel(self, request: HttpRequest, generators: QuerySet[Generator]) -> None:
        self._each(request, generators, "cancel")

    @admin.action(description=_("Resume the training"), permissions=["change"])
    def resume(self, request: HttpRequest, generators: QuerySet[Generator]) -> None:
        self._each(request, generators, "resume")

    @admin.action(description=_("Publish"), permissions=["change"])
    def publish(self, request: HttpRequest, generators: QuerySet[Generator]) -> None:
        self._each(request, generators, "publish")

    @admin.action(description=_("Retire"), permissions=["change"])
    def retire(self, request: HttpRequest, generators: QuerySet[Generator]) -> None:
        self._each(request, generators, "retire")

    def _each(self, request: HttpRequest, generators: QuerySet[Generator], act: str) -> None:
        for generator in generators:
            self._act(request, generator, act)

    def _act(self, request: HttpRequest, generator: Generator, act: str) -> None:
        try:
            ACTS[act](generator=generator)
        except Refused as refusal:
            messages.warning(request, f"{generator.display_name}: {refusal}")
        else:
            self.log_change(request, generator, act)

    def _page(self, request: HttpRequest, pk: Any, template: str) -> HttpResponse:
        if not self.has_view_permission(request):
            raise PermissionDenied
        generator = get_object_or_404(Generator.objects.select_related("training_set"), pk=pk)
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": generator.display_name,
            "generator": generator,
            "charts": charts_of(generator),
            "sheets": generator.sheets.all(),
            "may_change": self.has_change_permission(request),
            "may_delete": self.has_delete_permission(request, generator),
        }
        response = render(request, template, context)
        response["Cache-Control"] = "no-store"
        return response
