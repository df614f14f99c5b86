"""What painting has cost people."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from transfer.models.jobs import Job


class Spending(models.Model):
    """What one job takes of its owner's daily share. It outlives the job, or deleting it would give the share back."""

    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="spendings", verbose_name=_("owner")
    )
    job = models.OneToOneField(
        Job, on_delete=models.SET_NULL, related_name="spending", null=True, verbose_name=_("job")
    )
    pixel_steps = models.PositiveBigIntegerField(_("pixel steps"))
    at = models.DateTimeField(_("submitted at"), default=timezone.now)

    class Meta:
        verbose_name = _("spending")
        verbose_name_plural = _("spendings")
        ordering = ["at"]
        indexes = [models.Index(fields=["owner", "at"])]

    def __str__(self) -> str:
        return f"{self.owner} {self.pixel_steps}"
