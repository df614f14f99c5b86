"""Published works."""

from __future__ import annotations

import uuid
from typing import Any

from django.conf import settings
from django.core.files.storage import storages
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from transfer.models import Job


def public_storage() -> Any:
    return storages["public"]


class Artwork(models.Model):
    """A finished work on show: public copies of a job's result, under addresses of their own."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    job = models.OneToOneField(Job, on_delete=models.RESTRICT, related_name="artwork", verbose_name=_("job"))
    artist = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="artworks", verbose_name=_("artist")
    )
    title = models.CharField(_("title"), max_length=120)
    image = models.FileField(_("image"), storage=public_storage)
    image_width = models.PositiveIntegerField(_("image width"))
    image_height = models.PositiveIntegerField(_("image height"))
    card = models.FileField(_("card"), storage=public_storage)
    card_width = models.PositiveIntegerField(_("card width"))
    card_height = models.PositiveIntegerField(_("card height"))
    published_at = models.DateTimeField(_("published at"), auto_now_add=True, db_index=True)

    class Meta:
        verbose_name = _("artwork")
        verbose_name_plural = _("artworks")
        ordering = ["-published_at", "-id"]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("gallery:artwork", args=[self.pk])

    @property
    def image_url(self) -> str:
        return str(self.image.url)

    @property
    def card_url(self) -> str:
        return str(self.card.url)

    @property
    def style_name(self) -> str:
        return self.job.style.display_name

    @property
    def preset_label(self) -> str:
        return self.job.get_preset_display()
