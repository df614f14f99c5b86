"""Private files, handed to those who may see them and to nobody else."""

from __future__ import annotations

import mimetypes
from typing import Any
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_safe

from stylesite.stored_files import PRIVATE_AND_UNCHANGING, file_response
from transfer.downloads import ENCODERS, copy_of, sizes_of
from transfer.models import Generator, Job, Paint, Photo, State, Style
from transfer.sample_photos import sample_photo

PICTURE_KINDS = ("image", "thumbnail")
JOB_KINDS = ("preview", "display", "card", "time_lapse")
DOWNLOADS = {"png": "result_png", "jpeg": "result_jpeg"}


@require_safe
@login_required
def photo_file(request: HttpRequest, pk: UUID, kind: str) -> HttpResponse:
    photo = get_object_or_404(Photo, pk=pk, owner=request.user)
    return file_of(photo, kind, PICTURE_KINDS)


@require_safe
def style_file(request: HttpRequest, pk: UUID, kind: str) -> HttpResponse:
    """A starter style is everyone's to see; a user's own is theirs alone."""
    visible = Q(owner=None) | Q(owner=request.user) if request.user.is_authenticated else Q(owner=None)
    return file_of(get_object_or_404(Style, visible, pk=pk), kind, PICTURE_KINDS)


@require_safe
@login_required
def job_file(request: HttpRequest, pk: UUID, kind: str) -> HttpResponse:
    job = get_object_or_404(Job, pk=pk, owner=request.user)
    # A viewer may ask for the last preview when the picture has just been finished.
    finished_meanwhile = kind == "preview" and job.display
    return file_of(job, "display" if finished_meanwhile else kind, JOB_KINDS)


@require_safe
@login_required
def mask_file(request: HttpRequest, pk: int) -> HttpResponse:
    return file_of(get_object_or_404(Paint, pk=pk, job__owner=request.user), "mask", ("mask",))


@require_safe
@login_required
def sample_photo_file(request: HttpRequest, slug: str) -> HttpResponse:
    if not (sample := sample_photo(slug)):
        raise Http404
    response = HttpResponse(sample.path.read_bytes(), content_type="image/jpeg")
    response["Cache-Control"] = "private, max-age=86400"
    return response


@require_safe
def generator_sample(request: HttpRequest, pk: UUID) -> HttpResponse:
    """To others than `visible_to` says, strangers among them, there is no such generator."""
    generator = get_object_or_404(Generator.objects.visible_to(request.user), pk=pk)
    return file_of(generator, "sample", ("sample",))


@require_safe
@login_required
def download(request: HttpRequest, pk: UUID, format: str) -> HttpResponse:
    """As it is stored, or in another size (`?side=`) or format, made now."""
    job = get_object_or_404(Job, pk=pk, owner=request.user, state=State.SUCCEEDED)
    side = _asked_side(request, job)
    if format in DOWNLOADS and side is None:
        response = file_of(job, DOWNLOADS[format], DOWNLOADS.values())
    else:
        response = _copy_response(job, format, side)
    suffix = "jpg" if format == "jpeg" else format
    name = f"stylesite-{job.created_at:%Y%m%d-%H%M%S}" + (f"-{side}" if side else "")
    response["Content-Disposition"] = f'attachment; filename="{name}.{suffix}"'
    return response


@require_safe
@login_required
def full_picture(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The result to be looked at in full size."""
    job = get_object_or_404(Job, pk=pk, owner=request.user, state=State.SUCCEEDED)
    return file_of(job, "result_jpeg", ("result_jpeg",))


def _asked_side(request: HttpRequest, job: Job) -> int | None:
    """None for the picture's own size; 404 for one that is not offered."""
    if not (asked := request.GET.get("side")):
        return None
    sides = {str(size.side): size.side for size in sizes_of(job) if size.side}
    if asked not in sides:
        raise Http404
    return sides[asked]


def _copy_response(job: Job, format: str, side: int | None) -> HttpResponse:
    if format not in ENCODERS:
        raise Http404
    copy = copy_of(job, format, side)
    response = HttpResponse(copy.read(), content_type=mimetypes.guess_type(str(copy.name))[0])
    response["Cache-Control"] = PRIVATE_AND_UNCHANGING
    return response


def file_of(row: Any, field: str, allowed: Any) -> HttpResponse:
    """The file in one of the row's `allowed` fields; 404 where there is none.

    A preview, for one, is replaced while its address is still on someone's page.
    """
    if field not in allowed or not (file := getattr(row, field)):
        raise Http404
    return file_response(file)
