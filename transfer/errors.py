"""What can stand in the way of someone's wish, each with a sentence for them."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _


class Refused(Exception):
    """The wish cannot be granted as things stand; `str()` is a translated sentence saying why."""

    reason = _("This is not possible right now.")

    def __str__(self) -> str:
        return str(self.reason)


class TooManyJobs(Refused):
    reason = _("You have as many waiting and running jobs as this site allows. Wait for one to finish, or cancel one.")


class TooManyUploads(Refused):
    reason = _("You have uploaded many pictures within an hour. Try again a little later.")


class WrongState(Refused):
    reason = _("The job has moved on in the meantime.")


class InGallery(Refused):
    reason = _("This picture is in the gallery. Take it back first.")
