"""What can stand in the way of someone's wish; each app has its own kinds."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _


class Refused(Exception):
    """The wish cannot be granted as things stand; `str()` is a translated sentence saying why."""

    reason = _("This is not possible right now.")
    status = 409
    """What HTTP calls it."""
    retry_after: int | None = None
    """Seconds after which the same wish may be granted, where that is known."""

    def __str__(self) -> str:
        return str(self.reason)


class TooManyTokens(Refused):
    reason = _("You have as many tokens as one account may have. Revoke one that you no longer use.")


class TooManyWebhooks(Refused):
    reason = _("You have as many webhooks as one account may have. Remove one that you no longer use.")
