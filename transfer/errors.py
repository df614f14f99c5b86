"""What can stand in the way of someone's wish, each with a sentence for them."""

from __future__ import annotations

from math import ceil

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from accounts.errors import Refused as Refused

HOUR = 3600


class TooManyJobs(Refused):
    reason = _("You have as many waiting and running jobs as this site allows. Wait for one to finish, or cancel one.")
    status = 429
    retry_after = 60


class BatchTooLarge(Refused):
    """There is room for some of the jobs, and not for all."""

    status = 429
    retry_after = 60

    def __init__(self, room: int = 0) -> None:
        self.room = room

    def __str__(self) -> str:
        return ngettext(
            "There is room for %(room)d more picture now. Choose fewer photos, or wait for others to be finished.",
            "There is room for %(room)d more pictures now. Choose fewer photos, or wait for others to be finished.",
            self.room,
        ) % {"room": self.room}


class ShareUsedUp(Refused):
    """The day's share of painting does not suffice for this one yet."""

    status = 429

    def __init__(self, retry_after: int = HOUR) -> None:
        self.retry_after = retry_after

    def __str__(self) -> str:
        hours = ceil((self.retry_after or 0) / HOUR)
        return ngettext(
            "You have used up your share of painting for now. There is room for this picture in about %(hours)d hour;"
            " a smaller one may fit before.",
            "You have used up your share of painting for now. There is room for this picture in about %(hours)d hours;"
            " a smaller one may fit before.",
            hours,
        ) % {"hours": hours}


class LargerThanTheShare(Refused):
    reason = _("This picture alone takes more than a day's share. Choose a smaller size or a lower quality.")
    status = 429


class QueueFull(Refused):
    reason = _("More pictures wait to be painted than this site can take. Try again in a few minutes.")
    status = 503
    retry_after = 300


class OtherOrder(Refused):
    """A submission whose name an earlier one of other content has had."""

    reason = _("Another order has been submitted under this key. Draw a new key for each order.")
    status = 422


class TooManyUploads(Refused):
    status = 429
    retry_after = HOUR
    reason = _("You have uploaded many pictures within an hour. Try again a little later.")


class FileTooLarge(Refused):
    status = 413
    reason = _("The file is larger than this site takes, or than was announced.")


class OtherOffset(Refused):
    """A part of a file that is not the one that is missing next."""

    status = 409
    reason = _("Another part of the file is missing.")


class MisfitMask(Refused):
    status = 422
    reason = _("A region was painted on another photo than this one. Paint it again.")


class NothingPainted(Refused):
    status = 422
    reason = _("No part of the photo is to be painted. Paint a region, or paint everywhere.")


class WrongState(Refused):
    reason = _("The job has moved on in the meantime.")


class PhotoInUse(Refused):
    reason = _("Pictures have been painted of this photo. Delete them first.")


class InGallery(Refused):
    reason = _("This picture is in the gallery. Take it back first.")


class NoTrainingSet(Refused):
    reason = _("This archive cannot be used: it must be a whole zip or tar file with at least two pictures in it.")


class ArchiveTooLarge(Refused):
    reason = _("The archive is larger than this site takes.")


class TooManyPictures(Refused):
    reason = _("The archive holds more pictures than a training has memory for. Split it, or leave some out.")


class TrainingSetInUse(Refused):
    reason = _("A training reads these pictures, or would if it were resumed.")


class GeneratorMovedOn(Refused):
    reason = _("The generator has moved on in the meantime.")


class NotForPaintings(Refused):
    reason = _("This generator makes pictures of one size only, so paintings cannot start from them.")
