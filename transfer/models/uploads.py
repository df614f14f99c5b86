"""A file on its way from a browser, part by part."""

from __future__ import annotations

import uuid
from pathlib import Path

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _


class Upload(models.Model):
    """How much of a file has come; what has come lies at `path` until all of it has. Then the row goes."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="uploads", verbose_name=_("owner")
    )
    size = models.PositiveBigIntegerField(_("size"))
    received = models.PositiveBigIntegerField(_("received"), default=0)
    created_at = models.DateTimeField(_("started at"), auto_now_add=True)

    class Meta:
        verbose_name = _("upload")
        verbose_name_plural = _("uploads")
        constraints = [models.CheckConstraint(condition=Q(received__lte=F("size")), name="no_more_than_was_announced")]

    def __str__(self) -> str:
        return f"{self.received} of {self.size}"

    @property
    def path(self) -> Path:
        return Path(settings.UPLOAD_DIR) / str(self.pk)
