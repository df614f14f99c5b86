"""The generator registry: what generators are trained on, and the generators with their trainings.

States move only through `transfer.services` (what staff do) and `transfer.leases` (what workers do).
"""

from __future__ import annotations

import math
import uuid
from typing import Any, ClassVar, Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from transfer.models.leased import FAILED, QUEUED, WORKER_LOST, Leased


class GeneratorState(models.TextChoices):
    QUEUED = QUEUED, _("Waiting")
    TRAINING = "training", _("Training")
    READY = "ready", _("Ready to publish")
    PUBLISHED = "published", _("Published")
    RETIRED = "retired", _("Retired")
    CANCELLED = "cancelled", _("Cancelled")
    FAILED = FAILED, _("Failed")


TRAINING_QUEUE = "training"
IN_TRAINING = (GeneratorState.QUEUED, GeneratorState.TRAINING)
RESUMABLE = (GeneratorState.CANCELLED, GeneratorState.FAILED)
TRAINED = (GeneratorState.READY, GeneratorState.PUBLISHED, GeneratorState.RETIRED)
UNTRAINED = (*IN_TRAINING, *RESUMABLE)


class TrainingFailure(models.TextChoices):
    """Why a training failed, as one sentence telling staff what to do."""

    OUT_OF_MEMORY = "memory", _("The machine's memory did not suffice. Train with smaller batches or less width.")
    DIVERGED = "diverged", _("The training did not settle. Train with other settings.")
    TIMED_OUT = "timeout", _("The training took longer than this site allows. Resume it, and it goes on.")
    NO_WEIGHTS = "weights", _("The feature network's weights are missing. Fetch them, and resume the training.")
    PICTURES = "pictures", _("The pictures of the training set could not be read.")
    TOO_MANY = "many", _("The pictures take more memory than a training may. Train on fewer, or reduced further.")
    WORKER_LOST = WORKER_LOST, _("The machine stopped several times while training. Resume it, and it goes on.")
    UNEXPECTED = "unexpected", _("Something unexpected went wrong; the details are below.")


# What seems to go wrong with a training, by the kinds and the numbers of the engine's notes.
NOTES = {
    "won": _(
        "The discriminator tells every picture apart (D(x) {real:.2f}, D(G(z)) {fake:.2f}): the generator hardly "
        "learns any more. Augmenting or spectral norm may help."
    ),
    "collapsed": _("Mode collapse: the samples differ among themselves by {variety:.0%} of what the pictures do."),
    "worsened": _(
        "It has been getting worse since step {best_step} (Fréchet distance {best:.4g}, now {frechet:.4g}). The "
        "generator of that step is kept."
    ),
}


class TrainingSet(models.Model):
    """An archive of pictures that generators are trained on."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    name = models.CharField(_("name"), max_length=80)
    description = models.TextField(_("what the pictures are"))
    licence = models.CharField(_("licence"), max_length=200)
    archive = models.FileField(_("archive"))
    count = models.PositiveIntegerField(_("pictures"))
    skipped = models.PositiveIntegerField(_("other files"), default=0)
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        related_name="training_sets",
        null=True,
        verbose_name=_("uploaded by"),
    )
    created_at = models.DateTimeField(_("uploaded at"), auto_now_add=True)

    class Meta:
        verbose_name = _("training set")
        verbose_name_plural = _("training sets")
        ordering = ["-created_at"]
        constraints = [models.CheckConstraint(condition=Q(count__gte=2), name="a_training_set_has_pictures")]

    def __str__(self) -> str:
        return self.name

    @property
    def is_in_use(self) -> bool:
        """Whether a training reads it, or would if it were resumed."""
        return self.generators.filter(state__in=UNTRAINED).exists()


class GeneratorQuerySet(models.QuerySet["Generator"]):
    def published(self) -> Self:
        return self.filter(state=GeneratorState.PUBLISHED)

    def visible_to(self, user: Any) -> Self:
        """Those whose sample the user may see: all published ones, and a painter's own jobs' retired ones."""
        if user.is_staff:
            return self.all()
        if not user.is_authenticated:
            return self.none()
        return self.filter(Q(state=GeneratorState.PUBLISHED) | Q(pk__in=user.jobs.values("generator")))


class Generator(Leased):
    """A DCGAN whose pictures paintings can start from; until it is trained, its training."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    slug = models.SlugField(_("generator in the box"), unique=True, null=True, blank=True, editable=False)
    name = models.CharField(_("name"), max_length=80)
    trained_on = models.TextField(_("trained on"))
    licence = models.CharField(_("licence"), max_length=200)
    # A trained generator outlives its pictures.
    training_set = models.ForeignKey(
        TrainingSet,
        on_delete=models.SET_NULL,
        related_name="generators",
        null=True,
        blank=True,
        verbose_name=_("training set"),
    )
    # `ml.GanSettings` as a dictionary.
    settings = models.JSONField(_("settings"))

    state = models.CharField(
        _("state"), max_length=16, choices=GeneratorState.choices, default=GeneratorState.QUEUED, db_index=True
    )
    failure = models.CharField(_("failure"), max_length=16, choices=TrainingFailure.choices, blank=True)
    # Points with step, discriminator_loss, generator_loss, real, fake and frechet, which may be None.
    curve = models.JSONField(_("curves"), default=list, blank=True)
    # Each with its `kind` in `NOTES` and its `numbers`.
    notes = models.JSONField(_("warnings"), default=list, blank=True)
    # `frechet` and `step` of the best generator so far.
    metrics = models.JSONField(_("metrics"), default=dict, blank=True)

    weights = models.FileField(_("weights"), blank=True)
    digest = models.CharField(_("digest"), max_length=64, blank=True, editable=False)
    sheet = models.FileField(_("sample sheet"), blank=True)
    sample = models.FileField(_("sample"), blank=True)

    objects: ClassVar[models.Manager[Generator]] = GeneratorQuerySet.as_manager()

    class Meta:
        verbose_name = _("generator")
        verbose_name_plural = _("generators")
        ordering = ["-created_at"]
        constraints = [
            models.CheckConstraint(condition=Q(state__in=GeneratorState.values), name="generator_state_is_known"),
            models.CheckConstraint(
                condition=Q(state=GeneratorState.TRAINING, token__isnull=False)
                | (~Q(state=GeneratorState.TRAINING) & Q(token=None)),
                name="only_a_generator_in_training_is_leased",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=TRAINED) | (~Q(weights="") & ~Q(digest="") & ~Q(sample="")),
                name="a_trained_generator_has_its_files",
            ),
            models.CheckConstraint(
                condition=Q(state__in=TRAINED) | Q(training_set__isnull=False),
                name="an_unfinished_training_keeps_its_pictures",
            ),
            models.CheckConstraint(
                condition=Q(state=GeneratorState.FAILED) | Q(failure=""), name="only_a_failed_training_has_a_failure"
            ),
            models.CheckConstraint(
                condition=Q(step__lte=F("total_steps")), name="training_steps_stay_within_their_total"
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("admin:transfer_generator_change", args=[self.pk])

    @property
    def display_name(self) -> str:
        return gettext(self.name) if self.slug else self.name

    @property
    def display_trained_on(self) -> str:
        return gettext(self.trained_on) if self.slug else self.trained_on

    @property
    def is_in_training(self) -> bool:
        return self.state in IN_TRAINING

    @property
    def is_resumable(self) -> bool:
        return self.state in RESUMABLE

    @property
    def is_publishable(self) -> bool:
        """A single generator's pictures have one size, and a painting's start has the photo's."""
        return self.state in (GeneratorState.READY, GeneratorState.RETIRED) and self.settings["kind"] == "field"

    @property
    def is_published(self) -> bool:
        return self.state == GeneratorState.PUBLISHED

    @property
    def minutes_left(self) -> int:
        return math.ceil((self.seconds_left or 0) / 60)

    @property
    def shown_settings(self) -> list[tuple[str, Any]]:
        """Those that staff choose, by the names they have in the form."""
        words = {True: gettext("yes"), False: gettext("no"), "field": gettext("field"), "single": gettext("single")}
        names = {
            "kind": gettext("Kind"),
            "size": gettext("Size"),
            "width": gettext("Width"),
            "steps": gettext("Steps"),
            "batch": gettext("Batch"),
            "seed": gettext("Seed"),
            "average": gettext("Average"),
            "augment": gettext("Augment"),
            "spectral_norm": gettext("Spectral norm"),
        }
        values = {label: self.settings.get(name) for name, label in names.items()}
        return [(label, words[value] if isinstance(value, bool | str) else value) for label, value in values.items()]

    @property
    def failure_message(self) -> str:
        return str(TrainingFailure(self.failure).label) if self.failure else ""

    @property
    def warnings(self) -> list[str]:
        return [str(NOTES[note["kind"]]).format(**note["numbers"]) for note in self.notes]

    @property
    def sample_url(self) -> str:
        return reverse("transfer:generator_sample", args=[self.pk])

    @property
    def sheet_url(self) -> str:
        return reverse("admin:transfer_generator_kept_sheet", args=[self.pk])


class SampleSheet(models.Model):
    """What a generator made of the same latents as always, after some steps of its training."""

    generator = models.ForeignKey(
        Generator, on_delete=models.CASCADE, related_name="sheets", verbose_name=_("generator")
    )
    step = models.PositiveIntegerField(_("step"))
    image = models.FileField(_("image"))

    class Meta:
        verbose_name = _("sample sheet")
        verbose_name_plural = _("sample sheets")
        ordering = ["-step"]
        constraints = [models.UniqueConstraint(fields=["generator", "step"], name="one_sheet_a_step")]

    def __str__(self) -> str:
        return f"{self.generator} {self.step}"

    @property
    def url(self) -> str:
        return reverse("admin:transfer_generator_sheet", args=[self.generator_id, self.step])
