"""Photos and the style library."""

from __future__ import annotations

import hashlib
import io
from datetime import timedelta

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import RestrictedError
from django.utils import timezone
from PIL import Image

from accounts.models import User
from transfer.errors import PhotoInUse, TooManyUploads
from transfer.models import Favourite, Photo, Style
from transfer.sample_photos import SamplePhoto
from transfer.starter_styles import STARTER_STYLES, StarterStyle, image_path
from transfer.uploads import THUMBNAIL_SIDE, as_jpeg, as_webp, decode_upload


def add_photo(*, owner: User, image: Image.Image) -> Photo:
    """Store a decoded photo. Raises `TooManyUploads`."""
    check_upload_rate(owner)
    photo = Photo(owner=owner, width=image.width, height=image.height)
    _store_pictures(photo, "photos", image)
    photo.save()
    return photo


def photo_of_sample(*, owner: User, sample: SamplePhoto) -> Photo:
    """The owner's copy of a sample photo; made where they have none yet."""
    if copy := Photo.objects.filter(owner=owner, sample=sample.slug).first():
        return copy
    image = decode_upload(io.BytesIO(sample.path.read_bytes()))
    photo = Photo(owner=owner, width=image.width, height=image.height, sample=sample.slug)
    _store_pictures(photo, "photos", image)
    try:
        with transaction.atomic():
            photo.save()
    except IntegrityError:
        # Another tab was quicker. The files just stored are named by no row, and are swept.
        return Photo.objects.get(owner=owner, sample=sample.slug)
    return photo


def add_style(*, owner: User, name: str, image: Image.Image) -> Style:
    """Store a decoded style picture in the owner's library. Raises `TooManyUploads`."""
    check_upload_rate(owner)
    style = Style(owner=owner, name=name, width=image.width, height=image.height)
    _store_pictures(style, "styles", image)
    style.save()
    return style


@transaction.atomic
def load_starter_styles() -> int:
    """Make the style library hold the project's starter styles as they are now; the number of them.

    A style whose picture is unchanged keeps its row and files. One that left the project is retired.
    """
    for position, starter in enumerate(STARTER_STYLES):
        _load_starter_style(starter, position)
    Style.objects.filter(owner=None).exclude(slug__in=[s.slug for s in STARTER_STYLES]).update(retired=True)
    return len(STARTER_STYLES)


def _load_starter_style(starter: StarterStyle, position: int) -> None:
    style = Style.objects.filter(slug=starter.slug).first() or Style(slug=starter.slug)
    style.name, style.description, style.position = starter.name, starter.description, position
    style.retired = False
    data = image_path(starter.slug).read_bytes()
    digest = hashlib.sha256(data).hexdigest()
    if style.digest != digest:
        image = decode_upload(io.BytesIO(data))
        style.width, style.height, style.digest = image.width, image.height, digest
        _store_pictures(style, "styles", image)
    style.save()


def forget_unused_photos() -> int:
    """Delete photos that nobody has painted within UNUSED_PHOTO_DAYS of their upload; how many."""
    since = timezone.now() - timedelta(days=settings.UNUSED_PHOTO_DAYS)
    unused = Photo.objects.filter(created_at__lt=since, jobs=None)
    return sum(photo.delete()[0] for photo in unused)


def remove_photo(*, photo: Photo) -> None:
    """Delete a photo. Raises `PhotoInUse` where pictures have been painted of it."""
    try:
        with transaction.atomic():
            photo.delete()
    except RestrictedError as error:
        raise PhotoInUse from error


def remove_style(*, style: Style) -> None:
    """Take a style out of its owner's library; it stays with the jobs that used it."""
    try:
        with transaction.atomic():
            style.delete()
    except RestrictedError:
        style.retired = True
        style.save(update_fields=["retired"])


def favour_style(*, user: User, style: Style) -> None:
    Favourite.objects.get_or_create(user=user, style=style)


def disfavour_style(*, user: User, style: Style) -> None:
    Favourite.objects.filter(user=user, style=style).delete()


def recent_uploads(*, owner: User) -> int:
    """How many pictures they have uploaded within an hour."""
    since = timezone.now() - timedelta(hours=1)
    return sum(model.objects.filter(owner=owner, created_at__gt=since).count() for model in (Photo, Style))


def check_upload_rate(owner: User) -> None:
    """Raises `TooManyUploads`."""
    if recent_uploads(owner=owner) >= settings.UPLOADS_PER_HOUR:
        raise TooManyUploads


def _store_pictures(row: Photo | Style, folder: str, image: Image.Image) -> None:
    original, thumbnail = as_jpeg(image), as_webp(image, THUMBNAIL_SIDE)
    row.image.save(f"{folder}/{original.name}", original, save=False)
    row.thumbnail.save(f"{folder}/{thumbnail.name}", thumbnail, save=False)
