"""The styles of a painting that has several, or one that is not painted everywhere."""

from __future__ import annotations

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from transfer.models.jobs import Job
from transfer.models.pictures import Style

MOST_STYLES = 4
LEAST_WEIGHT, MOST_WEIGHT = 1, 100


class Paint(models.Model):
    """One style of a job: its weight beside the others', and where it is painted.

    A job in one style, painted everywhere, has none of these: its own row says all. One with several, or with a mask,
    has one for each, the first for the job's own style.
    """

    job = models.ForeignKey(Job, on_delete=models.CASCADE, related_name="paints", verbose_name=_("job"))
    style = models.ForeignKey(Style, on_delete=models.RESTRICT, related_name="paints", verbose_name=_("style"))
    position = models.PositiveSmallIntegerField(_("position"))
    weight = models.PositiveSmallIntegerField(
        _("weight"), validators=[MinValueValidator(LEAST_WEIGHT), MaxValueValidator(MOST_WEIGHT)]
    )
    # Grey, in the photo's proportions: white where the style is painted. None: everywhere.
    mask = models.FileField(_("mask"), blank=True)

    class Meta:
        verbose_name = _("paint")
        verbose_name_plural = _("paints")
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["job", "style"], name="a_style_once_in_a_job"),
            models.UniqueConstraint(fields=["job", "position"], name="a_place_once_in_a_job"),
            models.CheckConstraint(
                condition=Q(weight__gte=LEAST_WEIGHT, weight__lte=MOST_WEIGHT), name="a_paint_has_a_weight"
            ),
            models.CheckConstraint(condition=Q(position__lt=MOST_STYLES), name="no_more_styles_than_a_job_may_have"),
        ]

    def __str__(self) -> str:
        return f"{self.style} ({self.weight})"

    @property
    def mask_url(self) -> str:
        return reverse("transfer:mask_file", args=[self.pk]) if self.mask else ""
