"""Pages that belong to no app: health, and public files: the copies of published works, and people's pictures."""

from __future__ import annotations

import django_rq
from django.db import DatabaseError, connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_list_or_404, get_object_or_404
from django.templatetags.static import static
from django.urls import reverse
from django.utils.translation import get_language, gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from django.views.decorators.vary import vary_on_headers
from redis.exceptions import RedisError
from rq import Worker

from gallery.models import Artwork, Profile, Rendition
from stylesite.icons import ICONS, WALL
from stylesite.stored_files import file_response
from transfer.models.generators import TRAINING_QUEUE
from transfer.models.jobs import STANDARD


@require_safe
@never_cache
def healthz(request: HttpRequest) -> JsonResponse:
    """200 when the database and the queue answer, 503 otherwise; `workers` and `trainers` count those alive."""
    checks = {"database": _database_answers(), "queue": _queue_answers()}
    healthy = all(checks.values())
    queues = {"workers": STANDARD, "trainers": TRAINING_QUEUE}
    alive = {name: _alive(queue) if checks["queue"] else 0 for name, queue in queues.items()}
    return JsonResponse({"healthy": healthy, **checks, **alive}, status=200 if healthy else 503)


@require_safe
def public_file(request: HttpRequest, name: str) -> HttpResponse:
    """A published copy. Its name is random and its content never changes, so it may be cached for ever.

    The address lives as long as the row that names the file, whatever becomes of the file.
    """
    rendition = get_object_or_404(Rendition, file=name)
    get_list_or_404(Artwork.objects.showing(rendition.print_id).visible_to(request.user)[:1])
    return file_response(rendition.file, rendition.content_type)


@require_safe
def avatar(request: HttpRequest, name: str) -> HttpResponse:
    """A person's picture, for as long as they show it."""
    return file_response(get_object_or_404(Profile, avatar=name, person__is_active=True).avatar, "image/webp")


@require_safe
@vary_on_headers("Accept-Language", "Cookie")
def manifest(request: HttpRequest) -> JsonResponse:
    """What a phone installs the site by, in the visitor's language; `python -m stylesite.icons` draws the icons."""
    gallery, studio = reverse("gallery:index"), reverse("transfer:studio")
    content = {
        "id": gallery,
        "name": "Stylesite",
        "short_name": "Stylesite",
        "description": gettext("Paint your photos in the style of any picture, on a server of your own."),
        "lang": get_language(),
        "start_url": studio,
        "scope": gallery,
        "display": "standalone",
        "theme_color": WALL,
        "background_color": WALL,
        "icons": [
            {"src": static(f"icons/{icon.name}.png"), "sizes": f"{icon.side}x{icon.side}", "type": "image/png"}
            | ({"purpose": "maskable"} if icon.is_maskable else {})
            for icon in ICONS
            if icon.is_for_manifest
        ],
        "shortcuts": [
            {"name": gettext("A new painting"), "url": studio},
            {"name": gettext("My pictures"), "url": reverse("transfer:jobs")},
        ],
    }
    return JsonResponse(content, content_type="application/manifest+json")


def _alive(queue: str) -> int:
    return Worker.count(queue=django_rq.get_queue(queue))


def _database_answers() -> bool:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        return False
    return True


def _queue_answers() -> bool:
    try:
        return bool(django_rq.get_connection(STANDARD).ping())
    except RedisError:
        return False
