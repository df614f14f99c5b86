"""Photos sent part by part: announced, continued where they broke off, and stored when they are whole.

The conversation is the core of the tus protocol, in the names of its headers too: POST announces the length, HEAD asks
how much has come, PATCH brings more from there.
"""

from __future__ import annotations

from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from accounts.http import SignedInRequest
from transfer import services
from transfer.errors import Refused
from transfer.http import with_retry_after
from transfer.models import Photo, Upload

# A part is held in memory, and is what a broken connection costs.
PART_BYTES = 2**20


@require_POST
@login_required
def uploads(request: SignedInRequest) -> HttpResponse:
    """Announce a file: `Upload-Length`; the answer's `Location` takes its parts."""
    length = request.headers.get("Upload-Length", "")
    if not length.isdecimal() or not int(length):
        return _complaint("Upload-Length", 400)
    try:
        upload = services.begin_upload(owner=request.user, size=int(length))
    except Refused as refusal:
        return with_retry_after(_complaint(str(refusal), refusal.status), refusal)
    response = HttpResponse(status=201)
    response["Location"] = reverse("transfer:upload", args=[upload.pk])
    return response


@require_http_methods(["HEAD", "PATCH", "DELETE"])
@login_required
def upload(request: SignedInRequest, pk: UUID) -> HttpResponse:
    row = get_object_or_404(Upload, pk=pk, owner=request.user)
    if request.method == "DELETE":
        row.delete()
        return HttpResponse(status=204)
    if request.method == "HEAD":
        return _so_far(HttpResponse(), row)
    return _receive(request, row)


def _receive(request: SignedInRequest, row: Upload) -> HttpResponse:
    offset = request.headers.get("Upload-Offset", "")
    if not offset.isdecimal():
        return _complaint("Upload-Offset", 400)
    if int(request.headers.get("Content-Length") or 0) > PART_BYTES:
        return _complaint("Content-Length", 413)
    try:
        row = services.receive_part(upload=row, offset=int(offset), part=request.body)
        if row.received < row.size:
            return _so_far(HttpResponse(status=204), row)
        return JsonResponse(_described(services.photo_of_upload(upload=row)), status=201)
    except Refused as refusal:
        return with_retry_after(_so_far(_complaint(str(refusal), refusal.status), row), refusal)
    except ValidationError as error:
        return _complaint(" ".join(error.messages), 422)


def _described(photo: Photo) -> dict[str, object]:
    return {
        "id": str(photo.pk),
        "image": photo.image_url,
        "thumbnail": photo.thumbnail_url,
        "width": photo.width,
        "height": photo.height,
    }


def _so_far(response: HttpResponse, row: Upload) -> HttpResponse:
    response["Upload-Offset"] = str(row.received)
    response["Upload-Length"] = str(row.size)
    response["Cache-Control"] = "no-store"
    return response


def _complaint(text: str, status: int) -> HttpResponse:
    return JsonResponse({"error": text}, status=status)
