"""The studio page: one form from photo and style to a queued job."""

from __future__ import annotations

import uuid
from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.http import SignedInRequest
from transfer import services
from transfer.errors import Refused
from transfer.forms import PRESET_HINTS, StudioForm, upload_limit_megabytes
from transfer.http import with_retry_after
from transfer.models import Generator, Init, Job, Photo, Preset, Style

RECENT_PHOTOS = 12
# What an address may fill in, as it does for who paints in the way of another's work.
SETTINGS = tuple(services.Order.__dataclass_fields__)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def studio(request: SignedInRequest) -> HttpResponse:
    if request.method != "POST":
        return _page(request, StudioForm(user=request.user, initial=_initial(request)))
    if job := _already_submitted(request):
        return redirect(job)
    form = StudioForm(request.POST, request.FILES, user=request.user)
    if not form.is_valid():
        return _page(request, form, status=422)
    try:
        return redirect(_submit(request, form.cleaned_data))
    except Refused as refusal:
        form.add_error(None, str(refusal))
        return with_retry_after(_page(request, form, status=refusal.status), refusal)


def _already_submitted(request: SignedInRequest) -> Job | None:
    """The job of a form sent twice, found before its files are decoded and stored again."""
    try:
        submission = uuid.UUID(request.POST.get("submission", ""))
    except ValueError:
        return None
    return services.submitted_job(owner=request.user, submission=submission)


def _submit(request: SignedInRequest, chosen: dict[str, Any]) -> Job:
    order = services.Order(**{field: chosen[field] for field in services.Order.__dataclass_fields__})
    services.check_room(owner=request.user)
    photo = chosen["photo"]
    if chosen["photo_file"]:
        photo = services.add_photo(owner=request.user, image=chosen["photo_file"])
    style = chosen["style"]
    if chosen["style_file"]:
        style = services.add_style(owner=request.user, name=_("My style"), image=chosen["style_file"])
    return services.submit_job(
        owner=request.user, photo=photo, style=style, order=order, submission=chosen["submission"]
    )


def _initial(request: SignedInRequest) -> dict[str, Any]:
    """What the form starts with: an earlier job's choices (`?again=`), or a style and settings from the address."""
    if again := _own_job(request):
        return _choices_of(again)
    return {
        "photo": None if request.GET.get("photo") == "" else Photo.objects.filter(owner=request.user).first(),
        "style": _asked_style(request),
        "generator": Generator.objects.published().first(),
        **_asked_settings(request),
    }


def _asked_settings(request: SignedInRequest) -> dict[str, str]:
    """`?preset=…&seed=…`, as far as the form offers them."""
    form = StudioForm(request.GET, user=request.user)
    form.is_valid()
    asked = [name for name in SETTINGS if name in request.GET and name not in form.errors]
    return {name: request.GET[name] for name in asked}


def _choices_of(job: Job) -> dict[str, Any]:
    """A job's settings as the form has them; where its generator is offered no longer, it starts from the photo."""
    fields = ("photo", "style", "preset", "size", "colours", "init", "generator", "seed")
    choices = {field: getattr(job, field) for field in fields} | {
        "style_strength": f"{job.style_strength:.1f}",
        "brush_size": f"{job.brush_size:.1f}",
        "gan_strength": f"{job.gan_strength:.1f}",
    }
    if job.generator is None or not job.generator.is_published:
        choices["generator"] = Generator.objects.published().first()
    if job.generator and not job.generator.is_published:
        choices["init"] = Init.PHOTO
    return choices


def _own_job(request: SignedInRequest) -> Job | None:
    try:
        return Job.objects.filter(owner=request.user, pk=request.GET.get("again", "")).first()
    except ValidationError:
        return None


def _asked_style(request: SignedInRequest) -> Style | None:
    first = Style.objects.starters().first()
    try:
        return Style.objects.offered_to(request.user).filter(pk=request.GET.get("style", "")).first() or first
    except ValidationError:
        return first


def _photos_to_choose_from(request: SignedInRequest, form: StudioForm) -> list[Photo]:
    """The most recent photos, and the chosen one if it is older."""
    own = Photo.objects.filter(owner=request.user)
    recent = list(own[:RECENT_PHOTOS])
    chosen = _chosen_photo(own, form["photo"].value())
    return recent if chosen is None or chosen in recent else [*recent, chosen]


def _chosen_photo(own: QuerySet[Photo], value: Any) -> Photo | None:
    try:
        return own.filter(pk=value or "").first()
    except ValidationError:
        return None


def _page(request: SignedInRequest, form: StudioForm, status: int = 200) -> HttpResponse:
    context = {
        "form": form,
        "photos": _photos_to_choose_from(request, form),
        "starter_styles": Style.objects.starters(),
        "own_styles": Style.objects.of(request.user),
        "presets": [{"value": preset.value, "label": preset.label, "hint": PRESET_HINTS[preset]} for preset in Preset],
        "upload_limit_megabytes": upload_limit_megabytes(),
    }
    return render(request, "transfer/studio.html", context, status=status)
