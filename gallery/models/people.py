"""What people say of works, of each other and of themselves."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from gallery.models.artworks import Artwork
from gallery.models.prints import public_storage

ABOUT_LENGTH = 500


class Like(models.Model):
    """One person's liking of one work."""

    artwork = models.ForeignKey(Artwork, on_delete=models.CASCADE, related_name="likes", verbose_name=_("artwork"))
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="likes", verbose_name=_("person")
    )
    # What it added to the work's trend, so that it can be taken out again: its age in half-lives.
    age = models.FloatField(_("age"))
    created_at = models.DateTimeField(_("liked at"), default=timezone.now)

    class Meta:
        verbose_name = _("like")
        verbose_name_plural = _("likes")
        constraints = [models.UniqueConstraint(fields=["artwork", "person"], name="one_like_per_person")]

    def __str__(self) -> str:
        return f"{self.person} – {self.artwork}"


class Follow(models.Model):
    """A follower sees an artist's new works among those of all the artists they follow."""

    follower = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="following", verbose_name=_("follower")
    )
    artist = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="followers", verbose_name=_("artist")
    )
    created_at = models.DateTimeField(_("followed at"), default=timezone.now)

    class Meta:
        verbose_name = _("follow")
        verbose_name_plural = _("follows")
        constraints = [
            models.UniqueConstraint(fields=["follower", "artist"], name="one_follow_per_artist"),
            models.CheckConstraint(condition=~Q(follower=F("artist")), name="nobody_follows_themselves"),
        ]

    def __str__(self) -> str:
        return f"{self.follower} – {self.artist}"


class Profile(models.Model):
    """What somebody says of themselves, and their picture. Whoever has said nothing yet has none."""

    person = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="profile", verbose_name=_("person")
    )
    about = models.TextField(_("about"), max_length=ABOUT_LENGTH, blank=True)
    # A square, under a random name.
    avatar = models.FileField(_("picture"), storage=public_storage, blank=True)

    class Meta:
        verbose_name = _("profile")
        verbose_name_plural = _("profiles")
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(fields=["avatar"], condition=~Q(avatar=""), name="an_avatar_is_one_persons"),
        ]

    def __str__(self) -> str:
        return str(self.person)
