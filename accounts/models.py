"""People."""

from __future__ import annotations

from django.contrib.auth.models import AbstractUser
from django.db import models
from django.utils.translation import gettext_lazy as _


class User(AbstractUser):
    """Someone with an account; the user name is public, as the artist's name in the gallery."""

    email = models.EmailField(_("e-mail address"), unique=True)

    @property
    def display_name(self) -> str:
        return self.get_full_name() or self.username
