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


def is_out_of_memory(error: Exception) -> bool:
    """Whether the memory of the machine, or of its GPU, did not suffice."""
    words = str(error).lower()
    exhausted = "out of memory" in words or "can't allocate memory" in words
    return isinstance(error, MemoryError) or (isinstance(error, RuntimeError) and exhausted)
