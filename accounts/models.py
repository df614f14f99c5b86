"""People, and what they let programs do in their name."""

from __future__ import annotations

import uuid
from typing import ClassVar, Self

from django.conf import settings
from django.contrib.auth.models import AbstractUser
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

NAME_LENGTH = 60


class MailWish(models.TextChoices):
    """When the end of one's own work is told by e-mail."""

    NEVER = "never", _("Never")
    LONG = "long", _("If it took more than a few minutes")


class User(AbstractUser):
    """Someone with an account; the user name is public, as the artist's name in the gallery."""

    email = models.EmailField(_("e-mail address"), unique=True)
    name = models.CharField(_("shown name"), max_length=NAME_LENGTH, blank=True)
    # What they read the site in; e-mails come in it.
    language = models.CharField(_("language"), max_length=10, blank=True, editable=False)
    # Since when they may look and leave, but change nothing.
    suspended_at = models.DateTimeField(_("suspended since"), null=True, blank=True)
    mail_when_done = models.CharField(
        _("e-mail when a painting is done"), max_length=8, choices=MailWish.choices, default=MailWish.NEVER
    )
    # Whether the studio has been shown to them.
    has_toured = models.BooleanField(_("has seen the tour"), default=False)

    @property
    def is_suspended(self) -> bool:
        return self.suspended_at is not None

    @property
    def display_name(self) -> str:
        return self.name or self.get_full_name() or self.username

    @property
    def initials(self) -> str:
        """What stands where somebody has no picture: of a name in letters its first two words', in signs its first."""
        return "".join(word[0] for word in self.display_name.split()[:2]).upper()


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


class Scope(models.TextChoices):
    """What a token may be used for; `write` alone does not let a program look."""

    READ = "read", _("Look: see photos, styles, jobs and limits, and fetch pictures")
    WRITE = "write", _("Change: upload, submit, cancel and delete")


class ApiTokenQuerySet(models.QuerySet["ApiToken"]):
    def valid(self) -> Self:
        unexpired = Q(expires_at=None) | Q(expires_at__gt=timezone.now())
        return self.filter(unexpired, user__is_active=True)


class ApiToken(models.Model):
    """What a program signs in with. The secret itself is known to its owner alone."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="api_tokens", verbose_name=_("owner")
    )
    name = models.CharField(_("name"), max_length=80)
    # Enough of the secret's beginning to tell one token from another.
    start = models.CharField(_("begins with"), max_length=20, editable=False)
    digest = models.CharField(_("digest"), max_length=64, unique=True, editable=False)
    scopes = models.JSONField(_("scopes"), default=list)
    created_at = models.DateTimeField(_("created at"), auto_now_add=True)
    last_used_at = models.DateTimeField(_("last used at"), null=True, blank=True, editable=False)
    expires_at = models.DateTimeField(_("expires at"), null=True, blank=True)

    objects: ClassVar[models.Manager[ApiToken]] = ApiTokenQuerySet.as_manager()

    class Meta:
        verbose_name = _("API token")
        verbose_name_plural = _("API tokens")
        ordering = ["-created_at"]

    def __str__(self) -> str:
        return f"{self.name} ({self.start}…)"

    @property
    def has_expired(self) -> bool:
        return self.expires_at is not None and self.expires_at <= timezone.now()

    @property
    def scope_names(self) -> str:
        return ", ".join(self.scopes)


class Webhook(models.Model):
    """An address that is told when something of its owner's has ended."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="webhooks", verbose_name=_("owner")
    )
    url = models.URLField(_("address"), max_length=500)
    # Kept as it is, for every message is signed with it.
    secret = models.CharField(_("secret"), max_length=80, editable=False)
    created_at = models.DateTimeField(_("created at"), auto_now_add=True)

    class Meta:
        verbose_name = _("webhook")
        verbose_name_plural = _("webhooks")
        ordering = ["-created_at"]

    def __str__(self) -> str:
        return self.url

    @property
    def latest(self) -> Delivery | None:
        return self.deliveries.first()


class DeliveryState(models.TextChoices):
    WAITING = "waiting", _("Waiting")
    DELIVERED = "delivered", _("Delivered")
    GIVEN_UP = "given_up", _("Given up")


class Delivery(models.Model):
    """One message to one webhook, until it has arrived or is given up."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    webhook = models.ForeignKey(Webhook, on_delete=models.CASCADE, related_name="deliveries", verbose_name=_("webhook"))
    event = models.CharField(_("event"), max_length=40)
    content = models.JSONField(_("content"))
    state = models.CharField(_("state"), max_length=16, choices=DeliveryState.choices, default=DeliveryState.WAITING)
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    due_at = models.DateTimeField(_("next attempt at"), default=timezone.now)
    # What the last attempt came to: an HTTP status, or what stood in its way.
    outcome = models.CharField(_("last outcome"), max_length=200, blank=True)
    created_at = models.DateTimeField(_("created at"), auto_now_add=True)

    class Meta:
        verbose_name = _("delivery")
        verbose_name_plural = _("deliveries")
        ordering = ["-created_at"]
        indexes = [models.Index(fields=["state", "due_at"]), models.Index(fields=["webhook", "-created_at"])]
        constraints = [
            models.CheckConstraint(condition=Q(state__in=DeliveryState.values), name="delivery_state_is_known")
        ]

    def __str__(self) -> str:
        return f"{self.event} ({self.state})"


class Letter(models.Model):
    """An e-mail that is still to be sent; what has been sent, or given up, has no row."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="letters", verbose_name=_("recipient")
    )
    # Of its text: `<template>_subject.txt` and `<template>.txt`.
    template = models.CharField(_("template"), max_length=80)
    content = models.JSONField(_("content"), default=dict)
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    due_at = models.DateTimeField(_("next attempt at"), default=timezone.now, db_index=True)

    class Meta:
        verbose_name = _("letter")
        verbose_name_plural = _("letters")

    def __str__(self) -> str:
        return f"{self.template} ({self.user})"
