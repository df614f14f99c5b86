"""Publishing a picture, what its artist changes about it afterwards, and taking it back."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from django.db import transaction
from django.db.models import Q
from PIL import Image

from gallery.errors import NotFinished, TakenBack
from gallery.models import Artwork, Print, Tag, Visibility
from gallery.prints import Rendered, render, store
from gallery.services.finding import found_by
from gallery.services.moderation import standing_of_new
from gallery.trend import age_at
from transfer.models import Job, State


@dataclass(frozen=True)
class Caption:
    """What an artist says of a work, and to whom it is shown."""

    title: str
    description: str = ""
    tags: list[str] = field(default_factory=list)
    visibility: str = Visibility.PUBLIC
    share_photo: bool = False


def publish(*, job: Job, caption: Caption) -> Artwork:
    """Show a finished job's result; publishing again only changes what is said of it. Raises `NotFinished`."""
    if job.state != State.SUCCEEDED:
        raise NotFinished
    if artwork := Artwork.objects.filter(job=job).first():
        return edit(artwork=artwork, caption=caption)
    # Before the transaction: it takes seconds, for which SQLite would let nobody else write.
    painting = render(_opened(job.result_png))
    photo = render(_opened(job.photo.image)) if caption.share_photo else None
    return _hang(job, caption, painting, photo)


def edit(*, artwork: Artwork, caption: Caption) -> Artwork:
    """Change what is said of a work, and who finds it. A photo no longer shared is served no longer.

    Raises `TakenBack`.
    """
    share = caption.share_photo and artwork.photo_id is None
    return _change(artwork, caption, render(_opened(artwork.job.photo.image)) if share else None)


def unpublish(*, artwork: Artwork) -> None:
    """Take a work back: its page and its public copies are gone, the job stays with its owner."""
    artwork.delete()


def forget_prints_of(artwork: Artwork) -> None:
    """Delete the prints of a work that is no more, but for those that other works show."""
    _forget_prints([artwork.painting_id, artwork.photo_id])


@transaction.atomic
def _hang(job: Job, caption: Caption, painting: Rendered, photo: Rendered | None) -> Artwork:
    job = Job.objects.select_for_update().get(pk=job.pk)
    if artwork := Artwork.objects.filter(job=job).first():
        return _change(artwork, caption, photo)
    artwork = Artwork(job=job, artist=job.owner, style=job.style, painting=store(painting))
    artwork.trend = age_at(artwork.published_at)
    artwork.fingerprint = painting.look
    artwork.standing = standing_of_new(job.owner, painting.look)
    _say(artwork, caption, photo)
    artwork.save()
    artwork.tags.set(_tags(caption.tags))
    return artwork


@transaction.atomic
def _change(artwork: Artwork, caption: Caption, photo: Rendered | None) -> Artwork:
    # Read anew and locked: of two changes at once, the second sees what the first has stored.
    current = Artwork.objects.select_for_update().filter(pk=artwork.pk).first()
    if current is None:
        raise TakenBack
    before = current.photo_id
    _say(current, caption, photo)
    current.save(update_fields=["title", "description", "visibility", "words", "photo"])
    current.tags.set(_tags(caption.tags))
    if current.photo_id != before:
        _forget_prints([before])
    return current


def _say(artwork: Artwork, caption: Caption, photo: Rendered | None) -> None:
    artwork.title, artwork.description = caption.title, caption.description
    artwork.visibility = caption.visibility
    artwork.words = found_by(artwork, caption.tags)
    if not caption.share_photo:
        artwork.photo = None
    elif photo and artwork.photo_id is None:
        artwork.photo = store(photo)


def _tags(names: list[str]) -> list[Tag]:
    Tag.objects.bulk_create([Tag(name=name) for name in names], ignore_conflicts=True)
    return list(Tag.objects.filter(name__in=names))


def _forget_prints(prints: list[int | None]) -> None:
    for unshown in Print.objects.filter(pk__in=[key for key in prints if key]):
        if not Artwork.objects.filter(Q(painting=unshown) | Q(photo=unshown)).exists():
            unshown.delete()


def _opened(file: Any) -> Image.Image:
    with file.open("rb") as opened:
        return Image.open(opened).convert("RGB")
