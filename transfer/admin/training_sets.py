"""Training sets in the admin: upload one, look at it, train a generator on it."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import admin, messages
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.template.defaultfilters import filesizeformat
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from transfer import services
from transfer.admin.forms import TrainingForm, TrainingSetForm
from transfer.errors import Refused
from transfer.models import TrainingSet


@admin.register(TrainingSet)
class TrainingSetAdmin(admin.ModelAdmin):
    list_display = ["name", "count", "skipped", "archive_size", "licence", "uploaded_by", "created_at", "train_link"]
    list_select_related = ["uploaded_by"]
    search_fields = ["name", "description", "licence"]
    fields = ["name", "description", "licence", "count", "skipped", "archive_size", "uploaded_by", "created_at"]
    change_form_template = "admin/transfer/trainingset/detail.html"

    def has_change_permission(self, request: HttpRequest, obj: TrainingSet | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: TrainingSet | None = None) -> bool:
        return super().has_delete_permission(request, obj) and not (obj and obj.is_in_use)

    def delete_model(self, request: HttpRequest, obj: TrainingSet) -> None:
        services.delete_training_set(training_set=obj)

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[TrainingSet]) -> None:
        for training_set in queryset:
            services.delete_training_set(training_set=training_set)

    def get_urls(self) -> list[URLPattern]:
        train = self.admin_site.admin_view(self.train_view)
        return [path("<uuid:pk>/train/", train, name="transfer_trainingset_train"), *super().get_urls()]

    @admin.display(description=gettext_lazy("archive"))
    def archive_size(self, training_set: TrainingSet) -> str:
        return filesizeformat(training_set.archive.size)

    @admin.display(description="")
    def train_link(self, training_set: TrainingSet) -> str:
        address = reverse("admin:transfer_trainingset_train", args=[training_set.pk])
        return format_html('<a href="{}">{}</a>', address, _("Train a generator"))

    def add_view(self, request: HttpRequest, form_url: str = "", extra_context: Any = None) -> HttpResponse:
        if not self.has_add_permission(request):
            raise PermissionDenied
        form = TrainingSetForm(request.POST or None, request.FILES or None)
        if form.is_valid() and (training_set := self._added(request, form)):
            self.log_addition(request, training_set, [{"added": {}}])
            pictures = _("The training set was stored with %(count)d pictures.") % {"count": training_set.count}
            messages.success(request, pictures)
            return redirect("admin:transfer_trainingset_train", pk=training_set.pk)
        return self._form_page(request, form, _("Upload a training set"), _("Read and store it"))

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        may_train = {"may_train": request.user.has_perm("transfer.add_generator"), "pk": unquote(object_id)}
        return super().change_view(request, object_id, form_url, {**(extra_context or {}), **may_train})

    def train_view(self, request: HttpRequest, pk: UUID) -> HttpResponse:
        if not request.user.has_perm("transfer.add_generator"):
            raise PermissionDenied
        training_set = get_object_or_404(TrainingSet, pk=pk)
        form = TrainingForm(request.POST or None, initial={"name": training_set.name})
        if form.is_valid():
            chosen = {name: form.cleaned_data[name] for name in ("name", "settings")}
            generator = services.start_training(training_set=training_set, **chosen)
            self.log_addition(request, generator, [{"added": {}}])
            return redirect(generator)
        title = _("Train a generator on “%(name)s”") % {"name": training_set.name}
        return self._form_page(request, form, title, _("Start training"), training_set)

    def _added(self, request: HttpRequest, form: TrainingSetForm) -> TrainingSet | None:
        try:
            return services.add_training_set(uploaded_by=request.user, **form.cleaned_data)  # type: ignore[arg-type]
        except Refused as refusal:
            form.add_error("archive", str(refusal))
            return None

    def _form_page(
        self, request: HttpRequest, form: Any, title: str, verb: str, training_set: TrainingSet | None = None
    ) -> HttpResponse:
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "form": form,
            "title": title,
            "verb": verb,
            "training_set": training_set,
        }
        return render(request, "admin/transfer/form.html", context, status=422 if form.errors else 200)
