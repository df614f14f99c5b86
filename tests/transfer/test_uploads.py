"""Photos that come part by part."""

from __future__ import annotations

import shutil
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from django.utils import timezone

from accounts.models import User
from tests.factories import encode, make_image
from transfer import services
from transfer.models import Photo, Upload

pytestmark = pytest.mark.django_db(transaction=True)

PHOTO = encode(make_image(240, 180))


@pytest.fixture(autouse=True)
def no_parts_of_others() -> None:
    shutil.rmtree(settings.UPLOAD_DIR, ignore_errors=True)


def announce(client: Client, size: int = len(PHOTO)) -> Any:
    return client.post("/studio/uploads/", headers={"Upload-Length": str(size)})


def bring(client: Client, address: str, part: bytes, offset: int) -> Any:
    return client.patch(address, part, "application/offset+octet-stream", headers={"Upload-Offset": str(offset)})


def parts_on_disk() -> list[Path]:
    folder = Path(settings.UPLOAD_DIR)
    return list(folder.iterdir()) if folder.exists() else []


def test_a_photo_sent_in_parts_is_stored_as_one(as_ada: Client, ada: User) -> None:
    address = announce(as_ada)["Location"]
    middle = len(PHOTO) // 2

    assert bring(as_ada, address, PHOTO[:middle], 0)["Upload-Offset"] == str(middle)
    stored = bring(as_ada, address, PHOTO[middle:], middle)

    photo = Photo.objects.get(owner=ada)
    assert stored.status_code == 201
    assert stored.json() == {
        "id": str(photo.pk),
        "image": photo.image_url,
        "thumbnail": photo.thumbnail_url,
        "width": 240,
        "height": 180,
    }
    assert not Upload.objects.exists()
    assert not parts_on_disk()


def test_an_upload_that_broke_off_goes_on_where_it_stopped(as_ada: Client) -> None:
    address = announce(as_ada)["Location"]
    bring(as_ada, address, PHOTO[:1000], 0)

    so_far = as_ada.head(address)

    assert (so_far["Upload-Offset"], so_far["Upload-Length"]) == ("1000", str(len(PHOTO)))
    assert bring(as_ada, address, PHOTO[1000:], 1000).status_code == 201


def test_a_part_that_is_not_the_next_is_refused_with_where_to_go_on(as_ada: Client) -> None:
    address = announce(as_ada)["Location"]
    bring(as_ada, address, PHOTO[:1000], 0)

    again = bring(as_ada, address, PHOTO[:1000], 0)

    assert (again.status_code, again["Upload-Offset"]) == (409, "1000")


def test_more_than_was_announced_is_refused(as_ada: Client) -> None:
    address = announce(as_ada, 100)["Location"]

    assert bring(as_ada, address, b"x" * 101, 0).status_code == 413


@pytest.mark.parametrize(("length", "status"), [("", 400), ("0", 400), ("-1", 400), ("many", 400), (str(2**40), 413)])
def test_strange_announcements_are_refused(as_ada: Client, length: str, status: int) -> None:
    response = as_ada.post("/studio/uploads/", headers={"Upload-Length": length})

    assert response.status_code == status
    assert not Upload.objects.exists()


def test_what_is_no_picture_is_explained_and_forgotten(as_ada: Client) -> None:
    address = announce(as_ada, 17)["Location"]

    response = bring(as_ada, address, b"no picture at all", 0)

    assert response.status_code == 422
    assert "not a picture we can read" in response.json()["error"]
    assert not Upload.objects.exists()
    assert not parts_on_disk()


def test_nobody_else_adds_to_an_upload_or_sees_it(as_ada: Client, as_bob: Client) -> None:
    address = announce(as_ada)["Location"]

    assert as_bob.head(address).status_code == 404
    assert bring(as_bob, address, PHOTO, 0).status_code == 404
    assert as_bob.delete(address).status_code == 404


def test_an_upload_can_be_given_up(as_ada: Client) -> None:
    address = announce(as_ada)["Location"]

    assert as_ada.delete(address).status_code == 204
    assert not parts_on_disk()


def test_only_so_many_uploads_may_be_open_at_once(as_ada: Client) -> None:
    answers = [announce(as_ada).status_code for _ in range(26)]

    assert answers == [201] * 25 + [429]


def test_uploads_that_nobody_goes_on_with_are_swept(as_ada: Client) -> None:
    announce(as_ada)
    kept = announce(as_ada)["Location"]
    old = Upload.objects.order_by("created_at").first()
    assert old
    Upload.objects.filter(pk=old.pk).update(created_at=timezone.now() - timedelta(hours=25))
    (Path(settings.UPLOAD_DIR) / "stray").touch()

    services.forget_unfinished_uploads()

    assert [f"/studio/uploads/{path.name}/" for path in parts_on_disk()] == [kept]


def test_what_came_of_an_account_goes_with_it(as_ada: Client, ada: User) -> None:
    announce(as_ada)

    ada.delete()

    assert not parts_on_disk()
