"""The page that paints many photos in one style."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, BinaryIO, cast
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from accounts.http import SignedInRequest
from accounts.models import User
from transfer import services
from transfer.batch_forms import BatchForm
from transfer.browsing import uuid_or_none
from transfer.errors import Refused
from transfer.forms import PRESET_HINTS, upload_limit_megabytes
from transfer.http import with_retry_after
from transfer.models import Init, Photo, Preset, Style
from transfer.orders import PRESET_SIZES, drawn_seed
from transfer.uploads import decode_upload

# Earlier photos that the page offers, the newest first.
PHOTOS_OFFERED = 40


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def batch(request: SignedInRequest) -> HttpResponse:
    if request.method != "POST":
        return _page(request, BatchForm(user=request.user, initial={"style": _asked_style(request)}))
    # Found before its files are decoded and stored again.
    submission = uuid_or_none(request.POST.get("submission", ""))
    if submission and services.submitted_batch(owner=request.user, batch=submission):
        return redirect(_page_of(submission))
    form = BatchForm(request.POST, request.FILES, user=request.user)
    if not form.is_valid():
        return _page(request, form, status=422)
    return _submit(request, form)


def _submit(request: SignedInRequest, form: BatchForm) -> HttpResponse:
    chosen, stored, faults = form.cleaned_data, list[Photo](), list[str]()
    try:
        services.check_room(owner=request.user, jobs=len(chosen["new_photos"]) + len(chosen["photos"]))
        stored, faults = _stored(request.user, chosen["new_photos"])
        photos = [*chosen["photos"], *stored]
        if not photos:
            return _once_more(request, stored, faults, status=422)
        jobs = services.submit_batch(
            owner=request.user, photos=photos, style=chosen["style"], order=_order(chosen), batch=chosen["submission"]
        )
    except Refused as refusal:
        page = _once_more(request, stored, [str(refusal), *faults], status=refusal.status)
        return with_retry_after(page, refusal)
    messages.success(request, _queued(len(jobs)))
    for fault in faults:
        messages.error(request, fault)
    return redirect(_page_of(chosen["submission"]))


def _stored(owner: User, files: Sequence[UploadedFile[Any]]) -> tuple[list[Photo], list[str]]:
    """The photos in the files, and what is wrong with those that are none. One is in memory at a time."""
    photos, faults = [], []
    for file in files:
        try:
            photos.append(services.add_photo(owner=owner, image=decode_upload(cast(BinaryIO, file))))
        except ValidationError as error:
            faults.append(f"{file.name}: {error.messages[0]}")
        except Refused as refusal:
            faults.append(f"{file.name}: {refusal}")
    return photos, faults


def _once_more(request: SignedInRequest, stored: Sequence[Photo], wrong: Sequence[str], status: int) -> HttpResponse:
    """The form as it was sent, with what is wrong; photos that have come are ticked, so that none is sent twice."""
    fields = request.POST.copy()
    fields.setlist("photos", [*fields.getlist("photos"), *(str(photo.pk) for photo in stored)])
    form = BatchForm(fields, user=request.user)
    form.errors.pop("new_photos", None)
    for sentence in wrong:
        form.add_error(None, sentence)
    return _page(request, form, status=status)


def _order(chosen: dict[str, Any]) -> services.Order:
    """What the form does not ask is as the studio has it at first. One seed for all: they are to look alike."""
    return services.Order(
        preset=chosen["preset"],
        size=PRESET_SIZES[Preset(chosen["preset"])],
        style_strength=1.0,
        brush_size=1.0,
        colours=chosen["colours"],
        init=Init.PHOTO,
        generator=None,
        gan_strength=0.5,
        seed=drawn_seed(),
    )


def _page_of(batch: UUID) -> str:
    return f"{reverse('transfer:jobs')}?batch={batch}"


def _queued(count: int) -> str:
    words = ngettext("%(count)d photo will be painted.", "%(count)d photos will be painted.", count)
    return words % {"count": count}


def _asked_style(request: SignedInRequest) -> UUID | None:
    asked = uuid_or_none(request.GET.get("style", ""))
    offered = Style.objects.offered_to(request.user)
    style = offered.filter(pk=asked).first() if asked else None
    style = style or Style.objects.starters().first()
    return style.pk if style else None


def _photos_offered(request: SignedInRequest, form: BatchForm) -> list[Photo]:
    """The most recent ones, and those that are ticked."""
    own = Photo.objects.filter(owner=request.user)
    recent = list(own[:PHOTOS_OFFERED])
    ticked = [pk for text in form.chosen_photos if (pk := uuid_or_none(text))]
    return recent + list(own.filter(pk__in=ticked).exclude(pk__in=[photo.pk for photo in recent]))


def _page(request: SignedInRequest, form: BatchForm, status: int = 200) -> HttpResponse:
    context = {
        "form": form,
        "photos": _photos_offered(request, form),
        "starter_styles": Style.objects.starters(),
        "own_styles": Style.objects.of(request.user),
        "presets": [{"value": preset.value, "label": preset.label, "hint": PRESET_HINTS[preset]} for preset in Preset],
        "upload_limit_megabytes": upload_limit_megabytes(),
        "largest_batch": services.LARGEST_BATCH,
    }
    return render(request, "transfer/batch.html", context, status=status)
