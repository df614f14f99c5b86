"""The style-transfer job: what was asked, how far it is, and who works on it.

The row is the truth; Redis only delivers. States move only through `transfer.services` (what people do) and
`transfer.leases` (what workers do).
"""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from transfer.models.generators import Generator
from transfer.models.leased import FAILED, QUEUED, WORKER_LOST, Leased
from transfer.models.pictures import Photo, Style


class State(models.TextChoices):
    QUEUED = QUEUED, _("Waiting")
    RUNNING = "running", _("Painting")
    SUCCEEDED = "succeeded", _("Finished")
    FAILED = FAILED, _("Failed")
    CANCELLED = "cancelled", _("Cancelled")


UNFINISHED = (State.QUEUED, State.RUNNING)
RETRYABLE = (State.FAILED, State.CANCELLED)


# The queues that jobs wait in: drafts, for which somebody sits and waits, and the rest.
INTERACTIVE, STANDARD = "interactive", "standard"


class Preset(models.TextChoices):
    DRAFT = "draft", _("Draft")
    STANDARD = "standard", _("Standard")
    FINE = "fine", _("Fine")


class Colours(models.TextChoices):
    """Whose colours the painting has, in the engine's words."""

    STYLE = "style", _("The style’s")
    PHOTO = "photo", _("The photo’s own")
    MATCHED = "matched", _("The style’s, tuned to the photo")


class Init(models.TextChoices):
    PHOTO = "photo", _("The photo")
    NOISE = "noise", _("Noise")
    GAN = "gan", _("A generator's picture")


class Failure(models.TextChoices):
    """Why a job failed, as one sentence telling its owner what to do."""

    OUT_OF_MEMORY = "memory", _("The picture was too large for this machine's memory. Choose a smaller size.")
    DIVERGED = "diverged", _("The painting did not settle. Lower the style strength, or start from another image.")
    TIMED_OUT = "timeout", _("The painting took longer than this site allows. Choose a smaller size or a lower preset.")
    NO_WEIGHTS = "weights", _("This site is not fully set up yet. Its staff has been told; try again later.")
    GENERATOR = (
        "generator",
        _("The generator's picture that this painting starts from could not be made. Choose another start."),
    )
    WORKER_LOST = (
        WORKER_LOST,
        _("The machine stopped several times while painting. Try again, or choose a smaller size."),
    )
    UNEXPECTED = "unexpected", _("Something went wrong on our side. Try again; the details have been kept for staff.")


MENDED_BY_SETTINGS = (Failure.OUT_OF_MEMORY, Failure.DIVERGED, Failure.TIMED_OUT, Failure.GENERATOR)


class Job(Leased):
    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="jobs", verbose_name=_("owner")
    )
    # Drawn with the form, so that sending the same form twice makes one job.
    submission = models.UUIDField(_("submission"), default=uuid.uuid4, editable=False)
    # Of what a program asked for under the submission's key, to tell whether it asks for the same again.
    order_digest = models.CharField(_("digest of the order"), max_length=64, blank=True, editable=False)

    photo = models.ForeignKey(Photo, on_delete=models.RESTRICT, related_name="jobs", verbose_name=_("photo"))
    style = models.ForeignKey(Style, on_delete=models.RESTRICT, related_name="jobs", verbose_name=_("style"))
    preset = models.CharField(_("preset"), max_length=16, choices=Preset.choices, default=Preset.STANDARD)
    size = models.PositiveIntegerField(_("long side"), default=512)
    style_strength = models.FloatField(_("style strength"), default=1.0)
    brush_size = models.FloatField(_("brush size"), default=1.0)
    colours = models.CharField(_("colours"), max_length=16, choices=Colours.choices, default=Colours.STYLE)
    init = models.CharField(_("starting image"), max_length=16, choices=Init.choices, default=Init.PHOTO)
    generator = models.ForeignKey(
        Generator, on_delete=models.RESTRICT, related_name="jobs", null=True, blank=True, verbose_name=_("generator")
    )
    # The share of the generator's picture in the start; the rest is the photo.
    gan_strength = models.FloatField(_("the generator's share"), default=0.5)
    seed = models.PositiveIntegerField(_("seed"), default=0)

    # Shared by jobs that were submitted together.
    batch = models.UUIDField(_("batch"), null=True, blank=True, editable=False)
    # What this one is like, but for its seed.
    variation_of = models.ForeignKey(
        "self",
        on_delete=models.SET_NULL,
        related_name="variations",
        null=True,
        blank=True,
        editable=False,
        verbose_name=_("variation of"),
    )

    # What it costs: the pixels of each step, summed.
    pixel_steps = models.PositiveBigIntegerField(_("pixel steps"), default=0, editable=False)

    state = models.CharField(_("state"), max_length=16, choices=State.choices, default=State.QUEUED, db_index=True)
    failure = models.CharField(_("failure"), max_length=16, choices=Failure.choices, blank=True)

    scale = models.PositiveSmallIntegerField(_("scale"), default=0)
    scales = models.PositiveSmallIntegerField(_("scales"), default=0)
    loss = models.FloatField(_("loss"), null=True, blank=True)
    # The loss at points of the way: pairs of the fraction done and the loss.
    curve = models.JSONField(_("curve"), default=list, blank=True, editable=False)
    preview = models.FileField(_("preview"), blank=True)

    result_png = models.FileField(_("result, PNG"), blank=True)
    result_jpeg = models.FileField(_("result, JPEG"), blank=True)
    display = models.FileField(_("result on pages"), blank=True)
    card = models.FileField(_("result on cards"), blank=True)
    time_lapse = models.FileField(_("time-lapse"), blank=True)
    width = models.PositiveIntegerField(_("width"), null=True, blank=True)
    height = models.PositiveIntegerField(_("height"), null=True, blank=True)

    class Meta:
        verbose_name = _("job")
        verbose_name_plural = _("jobs")
        ordering = ["-created_at"]
        indexes = [
            models.Index(fields=["owner", "-created_at"]),
            models.Index(fields=["owner", "state"]),
            models.Index(fields=["owner", "started_at"]),
            models.Index(fields=["owner", "batch"], condition=Q(batch__isnull=False), name="jobs_of_a_batch"),
            models.Index(fields=["state", "-finished_at"]),
        ]
        constraints = [
            models.UniqueConstraint(fields=["owner", "submission"], name="one_job_per_submission"),
            models.CheckConstraint(condition=Q(state__in=State.values), name="job_state_is_known"),
            models.CheckConstraint(
                condition=Q(state=State.RUNNING, token__isnull=False) | (~Q(state=State.RUNNING) & Q(token=None)),
                name="only_a_running_job_is_leased",
            ),
            models.CheckConstraint(
                condition=~Q(state=State.SUCCEEDED) | ~Q(result_png=""), name="a_succeeded_job_has_its_result"
            ),
            models.CheckConstraint(
                condition=Q(state=State.FAILED) | Q(failure=""), name="only_a_failed_job_has_a_failure"
            ),
            models.CheckConstraint(condition=Q(step__lte=F("total_steps")), name="steps_stay_within_their_total"),
            models.CheckConstraint(
                condition=Q(init=Init.GAN, generator__isnull=False) | (~Q(init=Init.GAN) & Q(generator=None)),
                name="a_generator_where_it_starts_from_one",
            ),
            models.CheckConstraint(
                condition=Q(gan_strength__gte=0, gan_strength__lte=1), name="the_generators_share_is_a_share"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.pk} ({self.state})"

    def get_absolute_url(self) -> str:
        return reverse("transfer:job", args=[self.pk])

    @property
    def is_unfinished(self) -> bool:
        return self.state in UNFINISHED

    @property
    def queue(self) -> str:
        return INTERACTIVE if self.preset == Preset.DRAFT else STANDARD

    @property
    def gan_percent(self) -> int:
        return round(self.gan_strength * 100)

    @property
    def failure_message(self) -> str:
        return str(Failure(self.failure).label) if self.failure else ""

    @property
    def would_fail_again(self) -> bool:
        """As long as its settings are the same."""
        return self.failure in MENDED_BY_SETTINGS

    @property
    def photo_url(self) -> str:
        return self.photo.image_url

    @property
    def preview_url(self) -> str:
        """The latest preview; a new preview has a new address, so that no cache shows an old one."""
        return self._file_url("preview") + f"?v={self.step}" if self.preview else ""

    @property
    def image_url(self) -> str:
        return self._file_url("display") if self.display else ""

    @property
    def time_lapse_url(self) -> str:
        return self._file_url("time_lapse") if self.time_lapse else ""

    @property
    def card_url(self) -> str:
        """What stands for the job in a list: its result, else its latest preview, else its photo."""
        return self._file_url("card") if self.card else self.preview_url or self.photo.thumbnail_url

    def _file_url(self, kind: str) -> str:
        return reverse("transfer:job_file", args=[self.pk, kind])
