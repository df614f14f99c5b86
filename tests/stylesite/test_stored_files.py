"""Files that the reverse proxy sends when the site has said that they may be seen (PROXY_FILES_PREFIX)."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import unquote

import pytest
from django.conf import LazySettings
from django.http import HttpResponse
from django.test import Client

from accounts.exports import pack, request_export
from accounts.models import User
from tests.factories import make_artwork, make_finished_job, make_photo
from transfer.models import Photo

pytestmark = pytest.mark.django_db

PREFIX = "/files/"


@pytest.fixture(autouse=True)
def _behind_a_proxy(settings: LazySettings) -> None:
    settings.PROXY_FILES_PREFIX = PREFIX


def sent_by_proxy(response: HttpResponse, settings: LazySettings) -> bytes:
    """What nginx sends for `location /files/ { internal; alias VAR_DIR/media/; }`."""
    assert response.status_code == 200
    assert not getattr(response, "content", b"")
    place = unquote(response.headers["X-Accel-Redirect"])
    assert place.startswith(PREFIX)
    return Path(settings.MEDIA_DIR, place.removeprefix(PREFIX)).read_bytes()


def test_a_private_photo_is_named_to_the_proxy(as_ada: Client, ada: User, settings: LazySettings) -> None:
    photo = make_photo(ada)

    response = as_ada.get(photo.image_url)

    assert sent_by_proxy(response, settings) == photo.image.read()
    assert response.headers["Content-Type"] == "image/jpeg"
    assert "private" in response.headers["Cache-Control"]


def test_a_download_keeps_its_name(as_ada: Client, ada: User, settings: LazySettings) -> None:
    job = make_finished_job(ada)

    response = as_ada.get(f"{job.get_absolute_url()}download/png/")

    assert sent_by_proxy(response, settings) == job.result_png.read()
    assert response.headers["Content-Disposition"].endswith('.png"')


def test_a_public_copy_is_named_too(client: Client, ada: User, settings: LazySettings) -> None:
    shown = make_artwork(ada).painting.widest

    response = client.get(shown.url)

    assert sent_by_proxy(response, settings) == shown.file.read()
    assert response.headers["Content-Type"] == shown.content_type


def test_the_archive_of_all_one_has_is_named_too(as_ada: Client, ada: User, settings: LazySettings) -> None:
    pack(request_export(user=ada).pk)

    response = as_ada.get("/accounts/data/download/")

    assert sent_by_proxy(response, settings).startswith(b"PK")
    assert response.headers["Cache-Control"] == "no-store"


def test_what_one_may_not_see_is_not_named(as_bob: Client, client: Client, ada: User) -> None:
    photo, work = make_photo(ada), make_artwork(ada)
    public_address = work.painting.widest.url
    work.delete()

    for response in (as_bob.get(photo.image_url), client.get(public_address)):
        assert response.status_code == 404
        assert "X-Accel-Redirect" not in response.headers


def test_a_file_that_is_gone_is_a_page_that_is_not_there(as_ada: Client, ada: User) -> None:
    photo: Photo = make_photo(ada)
    Path(photo.image.path).unlink()

    assert as_ada.get(photo.image_url).status_code == 404
