"""Photos that come part by part, so that a broken connection costs no more than the part that was on its way."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from accounts.models import User
from transfer.errors import FileTooLarge, OtherOffset, TooManyUploads
from transfer.models import Photo, Upload
from transfer.services.library import add_photo, check_upload_rate
from transfer.uploads import decode_upload

OPEN_UPLOADS_PER_USER = 25


@transaction.atomic
def begin_upload(*, owner: User, size: int) -> Upload:
    """Make room for a file of `size` bytes. Raises `FileTooLarge` and `TooManyUploads`."""
    User.objects.select_for_update().get(pk=owner.pk)
    if size > settings.UPLOAD_MAX_BYTES:
        raise FileTooLarge
    check_upload_rate(owner)
    if Upload.objects.filter(owner=owner).count() >= OPEN_UPLOADS_PER_USER:
        raise TooManyUploads
    upload = Upload.objects.create(owner=owner, size=size)
    upload.path.parent.mkdir(parents=True, exist_ok=True)
    upload.path.touch()
    return upload


@transaction.atomic
def receive_part(*, upload: Upload, offset: int, part: bytes) -> Upload:
    """Add what follows `offset`. Raises `OtherOffset` where that is not what is missing next, and `FileTooLarge`."""
    upload = Upload.objects.select_for_update().get(pk=upload.pk)
    if offset != upload.received:
        raise OtherOffset
    if offset + len(part) > upload.size:
        raise FileTooLarge
    with upload.path.open("r+b") as file:
        file.seek(offset)
        file.write(part)
    upload.received = offset + len(part)
    upload.save(update_fields=["received"])
    return upload


def photo_of_upload(*, upload: Upload) -> Photo:
    """The photo that a whole upload holds; the upload is gone then. Raises `ValidationError` where it is none, and
    `TooManyUploads`."""
    try:
        with upload.path.open("rb") as file:
            image = decode_upload(file)
        return add_photo(owner=upload.owner, image=image)
    finally:
        upload.delete()


def forget_unfinished_uploads() -> int:
    """Delete uploads that have not been finished within UNFINISHED_UPLOAD_HOURS, and parts that no row names."""
    since = timezone.now() - timedelta(hours=settings.UNFINISHED_UPLOAD_HOURS)
    for upload in Upload.objects.filter(created_at__lt=since):
        upload.delete()
    # Listed before the rows are asked: what begins in between is not on the list.
    parts = _parts()
    named = set(map(str, Upload.objects.values_list("pk", flat=True)))
    unnamed = [path for path in parts if path.name not in named]
    for path in unnamed:
        path.unlink(missing_ok=True)
    return len(unnamed)


def _parts() -> list[Path]:
    folder = Path(settings.UPLOAD_DIR)
    return list(folder.iterdir()) if folder.exists() else []
