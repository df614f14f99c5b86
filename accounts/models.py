"""People."""

from __future__ import annotations

from django.conf import settings
from django.contrib.auth.models import AbstractUser
from django.db import models
from django.utils.translation import gettext_lazy as _


class User(AbstractUser):
    """Someone with an account; the user name is public, as the artist's name in the gallery."""

    email = models.EmailField(_("e-mail address"), unique=True)

    @property
    def display_name(self) -> str:
        return self.get_full_name() or self.username


class Quota(models.Model):
    """What staff allow one person instead of what the site's settings allow everyone; empty: the same."""

    user = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="quota")
    unfinished_jobs = models.PositiveIntegerField(_("waiting and running jobs"), null=True, blank=True)
    running_jobs = models.PositiveIntegerField(_("jobs running at once"), null=True, blank=True)
    daily_pixel_steps = models.PositiveBigIntegerField(
        _("pixel steps a day"),
        help_text=_("Pixels times steps, over all passes: a standard picture takes about 25 million."),
        null=True,
        blank=True,
    )

    class Meta:
        verbose_name = _("quota")
        verbose_name_plural = _("quotas")

    def __str__(self) -> str:
        return str(self.user)


class DataExport(models.Model):
    """The archive of everything that one person has, or the wish for one."""

    user = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="data_export")
    requested_at = models.DateTimeField(_("requested at"), auto_now_add=True)
    finished_at = models.DateTimeField(_("finished at"), null=True, blank=True)
    file = models.FileField(_("archive"), blank=True)

    class Meta:
        verbose_name = _("data export")
        verbose_name_plural = _("data exports")

    def __str__(self) -> str:
        return str(self.user)

    @property
    def is_pending(self) -> bool:
        return not self.file
