"""Published works."""

from __future__ import annotations

import uuid
from typing import Any, ClassVar, Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.fields.files import FieldFile
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from gallery.models.prints import Print
from gallery.words import WordsField
from transfer.models import Job, Style

MOST_TAGS = 10
TAG_LENGTH = 30


class Visibility(models.TextChoices):
    """Who finds a work. A private picture is none: it has no row here and no public copy."""

    PUBLIC = "public", _("Public: anyone can find it")
    UNLISTED = "unlisted", _("Unlisted: whoever has the address sees it")


class Standing(models.TextChoices):
    """What moderators have said of a work."""

    SHOWN = "shown", _("Shown")
    HELD = "held", _("Waits to be looked at")
    HIDDEN = "hidden", _("Hidden")
    REMOVED = "removed", _("Removed")


class Tag(models.Model):
    """A word that artists file works under, in lower case."""

    name = models.CharField(_("name"), max_length=TAG_LENGTH, unique=True)

    class Meta:
        verbose_name = _("tag")
        verbose_name_plural = _("tags")
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class ArtworkQuerySet(models.QuerySet["Artwork"]):
    def visible_to(self, viewer: Any) -> Self:
        """What the viewer may open, given its address: what moderators let stand, and one's own. Every route asks here.

        An unlisted work is kept from lists by `on_show_to`, not from whoever was given its address.
        """
        if viewer.is_staff and viewer.has_perm("gallery.moderate_artwork"):
            return self.all()
        own = Q(artist=viewer) if viewer.is_authenticated else Q()
        return self.filter(Q(standing=Standing.SHOWN) | own)

    def showing(self, print_id: int) -> Self:
        return self.filter(Q(painting=print_id) | Q(photo=print_id))

    def on_show_to(self, viewer: Any) -> Self:
        """What the viewer finds without being given an address: in the index, in searches, feeds and collections."""
        return self.filter(visibility=Visibility.PUBLIC, standing=Standing.SHOWN)

    def by(self, artist: Any, viewer: Any) -> Self:
        """An artist's wall: to the artist, with what is unlisted."""
        return (self.visible_to(viewer) if artist == viewer else self.on_show_to(viewer)).filter(artist=artist)

    def with_prints(self) -> Self:
        """With all that a card shows, in two queries for any number of works."""
        return self.select_related("artist", "painting").prefetch_related("painting__renditions")


def _index(name: str, *fields: str) -> models.Index:
    """What lists of public works are read from; `id` makes the order total, as pages by cursor need it."""
    return models.Index(fields=[*fields, "-id"], condition=Q(visibility=Visibility.PUBLIC), name=name)


class Artwork(models.Model):
    """A finished work on show: a print of a job's result, and of its photo where the artist shares it."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    job = models.OneToOneField(Job, on_delete=models.RESTRICT, related_name="artwork", verbose_name=_("job"))
    artist = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="artworks", verbose_name=_("artist")
    )
    # The job's, kept here for the index that lists works by style.
    style = models.ForeignKey(Style, on_delete=models.RESTRICT, related_name="artworks", verbose_name=_("style"))
    title = models.CharField(_("title"), max_length=120)
    description = models.TextField(_("description"), max_length=2000, blank=True)
    tags = models.ManyToManyField(Tag, related_name="artworks", blank=True, verbose_name=_("tags"))
    visibility = models.CharField(_("visibility"), max_length=16, choices=Visibility.choices, default=Visibility.PUBLIC)
    painting = models.ForeignKey(Print, on_delete=models.RESTRICT, related_name="+", verbose_name=_("painting"))
    photo = models.ForeignKey(
        Print, on_delete=models.RESTRICT, related_name="+", null=True, blank=True, verbose_name=_("photo")
    )
    standing = models.CharField(
        _("standing"), max_length=16, choices=Standing.choices, default=Standing.SHOWN, editable=False
    )
    is_featured = models.BooleanField(_("featured"), default=False, editable=False)
    published_at = models.DateTimeField(_("published at"), default=timezone.now, editable=False)

    # Kept up by `gallery.services`, never counted for a page.
    like_count = models.PositiveIntegerField(_("likes"), default=0, editable=False)
    trend = models.FloatField(_("trend"), default=0.0, editable=False)
    words = WordsField(_("words"), blank=True, editable=False)
    # What the painting looks like; empty of works from before it was kept, until it is asked for.
    fingerprint = models.CharField(_("fingerprint"), max_length=16, blank=True, editable=False)

    objects: ClassVar[models.Manager[Artwork]] = ArtworkQuerySet.as_manager()

    class Meta:
        verbose_name = _("artwork")
        verbose_name_plural = _("artworks")
        ordering = ["-published_at", "-id"]
        indexes = [
            _index("newest_works", "-published_at"),
            _index("trending_works", "-trend"),
            _index("liked_works", "-like_count"),
            _index("newest_works_by_style", "style", "-published_at"),
            models.Index(fields=["artist", "-published_at", "-id"], name="all_works_by_artist"),
            # The admin's list, which has the unlisted ones, too.
            models.Index(fields=["-published_at", "-id"], name="all_works"),
            models.Index(fields=["standing"], condition=~Q(standing=Standing.SHOWN), name="works_to_look_at"),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(visibility__in=Visibility.values), name="visibility_is_known"),
            models.CheckConstraint(condition=Q(standing__in=Standing.values), name="standing_is_known"),
        ]
        permissions = [("moderate_artwork", _("Can moderate artworks"))]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("gallery:artwork", args=[self.pk])

    @property
    def time_lapse(self) -> FieldFile | None:
        """How it was painted, which begins with the photo: None where that is not shown, and where none was kept."""
        return self.job.time_lapse or None if self.photo_id else None

    @property
    def is_public(self) -> bool:
        return self.visibility == Visibility.PUBLIC

    @property
    def is_shown(self) -> bool:
        return self.standing == Standing.SHOWN
