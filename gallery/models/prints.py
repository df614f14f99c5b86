"""Public copies of pictures: one print, in several widths and formats."""

from __future__ import annotations

from typing import Any

from django.core.files.storage import storages
from django.db import models
from django.utils.translation import gettext_lazy as _


def public_storage() -> Any:
    return storages["public"]


class Format(models.TextChoices):
    AVIF = "avif", "AVIF"
    WEBP = "webp", "WebP"


class Print(models.Model):
    """A picture made public, in the sizes that pages need. It goes with the last work that shows it."""

    width = models.PositiveIntegerField(_("width"))
    height = models.PositiveIntegerField(_("height"))
    # A few pixels as a data: address, shown until the picture itself has come.
    placeholder = models.CharField(_("placeholder"), max_length=2000, blank=True)

    class Meta:
        verbose_name = _("print")
        verbose_name_plural = _("prints")

    def __str__(self) -> str:
        return f"{self.width}×{self.height}"

    @property
    def ratio(self) -> float:
        return self.width / self.height

    def srcset(self, format: Format) -> str:
        """The renditions of one format, for an `<img>` or a `<source>`."""
        return ", ".join(f"{rendition.url} {rendition.width}w" for rendition in self._renditions(format))

    def at_least(self, width: int) -> Rendition:
        """The smallest WebP that is as wide, or the widest there is."""
        webps = self._renditions(Format.WEBP)
        return next((rendition for rendition in webps if rendition.width >= width), webps[-1])

    @property
    def widest(self) -> Rendition:
        return self._renditions(Format.WEBP)[-1]

    def _renditions(self, format: Format) -> list[Rendition]:
        """In Python, narrowest first: pages have fetched them all with the works."""
        return sorted((one for one in self.renditions.all() if one.format == format), key=lambda one: one.width)


class Rendition(models.Model):
    """One file of a print, under a random name that never changes its content."""

    print = models.ForeignKey(Print, on_delete=models.CASCADE, related_name="renditions", verbose_name=_("print"))
    format = models.CharField(_("format"), max_length=8, choices=Format.choices)
    width = models.PositiveIntegerField(_("width"))
    height = models.PositiveIntegerField(_("height"))
    file = models.FileField(_("file"), storage=public_storage, unique=True)

    class Meta:
        verbose_name = _("rendition")
        verbose_name_plural = _("renditions")
        constraints = [
            models.UniqueConstraint(fields=["print", "format", "width"], name="one_rendition_of_each_width"),
        ]

    def __str__(self) -> str:
        return str(self.file.name)

    @property
    def url(self) -> str:
        return str(self.file.url)

    @property
    def content_type(self) -> str:
        return f"image/{self.format}"
