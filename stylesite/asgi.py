"""The ASGI application that uvicorn serves."""

import io
import os
import warnings
from collections.abc import Callable
from importlib import import_module
from typing import Any

from asgiref.sync import sync_to_async
from django.conf import settings
from django.contrib.auth import get_user
from django.core.asgi import get_asgi_application
from django.core.handlers.asgi import ASGIRequest
from django.db import connection
from django.urls import reverse
from django.utils import translation

from accounts.rest.problems import MEDIA_TYPE, is_for_programs, plain
from stylesite.body_limit import LimitBody, Scope, in_a_sentence

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "stylesite.settings")

# WhiteNoise streams files as WSGI does, and Django reads them whole before it sends them; they are small.
warnings.filterwarnings("ignore", message="StreamingHttpResponse must consume synchronous iterators")

# The studio's form carries two pictures; a file a little over its own limit still gets the form's explanation.
BODIES_MAX_BYTES = 3 * settings.UPLOAD_MAX_BYTES
# A batch's form carries twenty, and a little over.
BATCHES_MAX_BYTES = 21 * settings.UPLOAD_MAX_BYTES
# Room for the fields beside the archive, and for the form's own explanation as well.
ARCHIVES_MAX_BYTES = settings.TRAINING_SET_MAX_BYTES + 2**24


async def most_bytes(scope: Scope) -> int:
    """How long the body of a request may be: as an archive or a batch where someone uploads one who may, else as two
    pictures."""
    larger = {
        reverse("admin:transfer_trainingset_add"): (ARCHIVES_MAX_BYTES, _may_upload_archives),
        reverse("transfer:batch"): (BATCHES_MAX_BYTES, _is_signed_in),
    }
    if scope["path"] not in larger:
        return BODIES_MAX_BYTES
    most, is_allowed = larger[scope["path"]]
    return most if await sync_to_async(_is_so_of_visitor)(scope, is_allowed) else BODIES_MAX_BYTES


def _may_upload_archives(visitor: Any) -> bool:
    return bool(visitor.has_perm("transfer.add_trainingset"))


def _is_signed_in(visitor: Any) -> bool:
    return bool(visitor.is_authenticated)


def _is_so_of_visitor(scope: Scope, holds: Callable[[Any], bool]) -> bool:
    request = ASGIRequest(dict(scope), io.BytesIO())
    sessions = import_module(settings.SESSION_ENGINE)
    request.session = sessions.SessionStore(request.COOKIES.get(settings.SESSION_COOKIE_NAME))
    try:
        return holds(get_user(request))
    finally:
        connection.close()


def explain(scope: Scope) -> tuple[str, str]:
    """Why a body was refused: to programs as a problem document in their language, to people in a sentence."""
    request = ASGIRequest(dict(scope), io.BytesIO())
    if not is_for_programs(request):
        return in_a_sentence(scope)
    with translation.override(translation.get_language_from_request(request)):
        return MEDIA_TYPE, plain(413).response().content.decode()


application = LimitBody(get_asgi_application(), most_bytes, explain)  # type: ignore[arg-type]
