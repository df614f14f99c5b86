"""Stored files, once a view has decided that they may be seen: sent by the site, or by the reverse proxy in front."""

from __future__ import annotations

import mimetypes
from pathlib import Path
from urllib.parse import quote

from django.conf import settings
from django.db.models.fields.files import FieldFile
from django.http import Http404, HttpResponse

# What never changes at its address, and is in no shared cache, which would go on handing out what was taken back.
PRIVATE_AND_UNCHANGING = "private, max-age=31536000, immutable"


def file_response(file: FieldFile, content_type: str | None = None) -> HttpResponse:
    """A file that never changes, of the type that its name tells unless another is given; 404 where it is gone."""
    content_type = content_type or mimetypes.guess_type(str(file.name))[0]
    response = left_to_proxy(file, content_type) or _whole(file, content_type)
    response["Cache-Control"] = PRIVATE_AND_UNCHANGING
    return response


def left_to_proxy(file: FieldFile, content_type: str | None) -> HttpResponse | None:
    """Tells nginx to send the file (`X-Accel-Redirect`); None where PROXY_FILES_PREFIX is not set."""
    if not settings.PROXY_FILES_PREFIX:
        return None
    path = Path(file.path)
    if not path.exists():
        raise Http404
    address = settings.PROXY_FILES_PREFIX + path.relative_to(settings.MEDIA_DIR).as_posix()
    return HttpResponse(content_type=content_type, headers={"X-Accel-Redirect": quote(address)})


def _whole(file: FieldFile, content_type: str | None) -> HttpResponse:
    try:
        with file.open("rb") as stored:
            return HttpResponse(stored.read(), content_type=content_type)
    except FileNotFoundError as error:
        raise Http404 from error
