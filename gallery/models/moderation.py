"""Reports, what moderators did about works and people, and appeals against it."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from gallery.models.artworks import Artwork, Standing


class Reason(models.TextChoices):
    STOLEN = "stolen", _("Somebody else’s photo or picture")
    SEXUAL = "sexual", _("Sexual content")
    VIOLENT = "violent", _("Violence or cruelty")
    HATEFUL = "hateful", _("Hatred or harassment")
    PRIVATE = "private", _("Shows somebody who has not agreed")
    SPAM = "spam", _("Spam or advertising")
    OTHER = "other", _("Something else")


class Report(models.Model):
    """Somebody's wish that a moderator looks at a work."""

    artwork = models.ForeignKey(Artwork, on_delete=models.CASCADE, related_name="reports", verbose_name=_("artwork"))
    reporter = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="reports", verbose_name=_("reporter")
    )
    reason = models.CharField(_("reason"), max_length=16, choices=Reason.choices)
    comment = models.TextField(_("comment"), max_length=1000, blank=True)
    # How much it counts; see `gallery.services.moderation.weight_of`.
    weight = models.FloatField(_("weight"), editable=False)
    created_at = models.DateTimeField(_("reported at"), default=timezone.now, editable=False)
    # When a moderator has looked at the work.
    settled_at = models.DateTimeField(_("settled at"), null=True, blank=True, editable=False)

    class Meta:
        verbose_name = _("report")
        verbose_name_plural = _("reports")
        ordering = ["-created_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["artwork", "reporter"], condition=Q(settled_at=None), name="one_open_report_per_person"
            ),
        ]
        indexes = [models.Index(fields=["reporter", "created_at"])]

    def __str__(self) -> str:
        return f"{self.artwork} – {self.get_reason_display()}"


class Kind(models.TextChoices):
    """What can be done about a work or its artist."""

    APPROVE = "approve", _("Approved")
    HIDE = "hide", _("Hidden")
    REMOVE = "remove", _("Removed")
    FEATURE = "feature", _("Featured")
    UNFEATURE = "unfeature", _("Featured no longer")
    WARN = "warn", _("Warned")
    SUSPEND = "suspend", _("Suspended")
    REINSTATE = "reinstate", _("Reinstated")
    CLEAR = "clear", _("Cleared")


# What its artist may appeal against.
GRAVE = (Kind.HIDE, Kind.REMOVE, Kind.WARN, Kind.SUSPEND, Kind.CLEAR)


class Act(models.Model):
    """One thing that was done, with who, when and why, and what was before, so that it can be undone."""

    kind = models.CharField(_("act"), max_length=16, choices=Kind.choices)
    artwork = models.ForeignKey(
        Artwork, on_delete=models.SET_NULL, null=True, blank=True, related_name="acts", verbose_name=_("artwork")
    )
    # The work's title, which is known after the work is gone; of a profile the name it was under.
    title = models.CharField(_("title"), max_length=120)
    artist = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+", verbose_name=_("artist")
    )
    # Nobody, where the site acted by itself.
    moderator = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("moderator"),
    )
    reason = models.TextField(_("reason"), max_length=1000, blank=True)
    before = models.JSONField(_("before"), default=dict, encoder=DjangoJSONEncoder, editable=False)
    at = models.DateTimeField(_("at"), default=timezone.now, editable=False)
    undone_at = models.DateTimeField(_("undone at"), null=True, blank=True, editable=False)
    undone_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("undone by"),
    )

    class Meta:
        verbose_name = _("act of moderation")
        verbose_name_plural = _("acts of moderation")
        ordering = ["-at", "-pk"]
        indexes = [models.Index(fields=["artist", "-at"])]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.title}"

    @property
    def is_of_profile(self) -> bool:
        return self.kind == Kind.CLEAR

    @property
    def can_be_appealed(self) -> bool:
        return self.kind in GRAVE and self.undone_at is None and not hasattr(self, "appeal")


class Appeal(models.Model):
    """An artist's one objection to an act, and its answer."""

    act = models.OneToOneField(Act, on_delete=models.CASCADE, related_name="appeal", verbose_name=_("act"))
    text = models.TextField(_("what the artist says"), max_length=2000)
    created_at = models.DateTimeField(_("appealed at"), default=timezone.now, editable=False)
    granted = models.BooleanField(_("granted"), null=True, blank=True, editable=False)
    answered_at = models.DateTimeField(_("answered at"), null=True, blank=True, editable=False)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("answered by"),
    )

    class Meta:
        verbose_name = _("appeal")
        verbose_name_plural = _("appeals")
        ordering = ["created_at"]

    def __str__(self) -> str:
        return str(self.act)


class RemovedPicture(models.Model):
    """What a removed picture looked like, so that it is known when it comes again. It names nobody."""

    fingerprint = models.CharField(_("fingerprint"), max_length=16, unique=True)
    removed_at = models.DateTimeField(_("removed at"), default=timezone.now, editable=False)

    class Meta:
        verbose_name = _("removed picture")
        verbose_name_plural = _("removed pictures")

    def __str__(self) -> str:
        return self.fingerprint


class WorksToLookAt(models.Manager["WorkToLookAt"]):
    def get_queryset(self) -> models.QuerySet[WorkToLookAt]:
        """Reported, held, hidden or removed; a gallery of a million works has few of them."""
        reported = Report.objects.filter(settled_at=None).values("artwork")
        return super().get_queryset().filter(~Q(standing=Standing.SHOWN) | Q(pk__in=reported))


class WorkToLookAt(Artwork):
    """A work on the moderators' desk."""

    objects: ClassVar[models.Manager[WorkToLookAt]] = WorksToLookAt()  # type: ignore[assignment, misc]

    class Meta:
        proxy = True
        verbose_name = _("work to look at")
        verbose_name_plural = _("works to look at")
