"""Uploaded photos and the style library."""

from __future__ import annotations

import uuid
from typing import Any, ClassVar, Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _


class Picture(models.Model):
    """A decoded, upright, metadata-free picture with its thumbnail; see `transfer.uploads`."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    image = models.FileField(_("image"))
    width = models.PositiveIntegerField(_("width"))
    height = models.PositiveIntegerField(_("height"))
    created_at = models.DateTimeField(_("uploaded at"), auto_now_add=True)

    class Meta:
        abstract = True


class Photo(Picture):
    """A photo to be painted, private to its owner."""

    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="photos", verbose_name=_("owner")
    )
    thumbnail = models.FileField(_("thumbnail"))
    # Of the sample photo that it is a copy of.
    sample = models.SlugField(_("sample photo"), blank=True, editable=False)

    class Meta:
        verbose_name = _("photo")
        verbose_name_plural = _("photos")
        ordering = ["-created_at"]
        constraints = [
            models.UniqueConstraint(fields=["owner", "sample"], condition=~Q(sample=""), name="one_copy_of_a_sample"),
        ]

    def __str__(self) -> str:
        return f"{self.owner} {self.width}×{self.height} {self.created_at:%Y-%m-%d}"

    @property
    def image_url(self) -> str:
        return reverse("transfer:photo_file", args=[self.pk, "image"])

    @property
    def thumbnail_url(self) -> str:
        return reverse("transfer:photo_file", args=[self.pk, "thumbnail"])


class StyleQuerySet(models.QuerySet["Style"]):
    def starters(self) -> Self:
        return self.filter(owner=None, retired=False)

    def of(self, user: Any) -> Self:
        """The user's own styles that are still in their library."""
        return self.filter(owner=user, retired=False)

    def offered_to(self, user: Any) -> Self:
        return self.filter(Q(owner=None) | Q(owner=user), retired=False)


class Style(Picture):
    """A picture to paint in the manner of: a starter style without an owner, or a user's own, private to them.

    A removed style is only retired while jobs still name it.
    """

    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.CASCADE,
        related_name="styles",
        null=True,
        blank=True,
        verbose_name=_("owner"),
    )
    slug = models.SlugField(_("starter style"), unique=True, null=True, blank=True, editable=False)
    # Of the drawn file a starter style was loaded from, to tell when the project's drawing has changed.
    digest = models.CharField(_("digest"), max_length=64, blank=True, editable=False)
    name = models.CharField(_("name"), max_length=80)
    description = models.CharField(_("description"), max_length=200, blank=True)
    thumbnail = models.FileField(_("thumbnail"))
    position = models.PositiveSmallIntegerField(_("position"), default=0)
    retired = models.BooleanField(_("retired"), default=False)

    objects: ClassVar[models.Manager[Style]] = StyleQuerySet.as_manager()

    class Meta:
        verbose_name = _("style")
        verbose_name_plural = _("styles")
        ordering = ["position", "-created_at"]

    def __str__(self) -> str:
        return self.display_name

    @property
    def is_starter(self) -> bool:
        return self.owner_id is None

    @property
    def display_name(self) -> str:
        return gettext(self.name) if self.is_starter else self.name

    @property
    def display_description(self) -> str:
        return gettext(self.description) if self.is_starter and self.description else self.description

    @property
    def thumbnail_url(self) -> str:
        return reverse("transfer:style_file", args=[self.pk, "thumbnail"])


class Favourite(models.Model):
    """A style that somebody wants at hand."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="favourites")
    style = models.ForeignKey(Style, on_delete=models.CASCADE, related_name="favourites")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "style"], name="a_favourite_once")]

    def __str__(self) -> str:
        return f"{self.user}: {self.style}"
