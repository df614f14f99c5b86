"""What can stand in the way of someone's wish in the gallery."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from transfer.errors import Refused


class NotFinished(Refused):
    reason = _("Only a finished picture can be published.")


class TakenBack(Refused):
    reason = _("This work has been taken back in the meantime.")


class OwnWall(Refused):
    reason = _("You cannot follow yourself.")


class TooManyCollections(Refused):
    reason = _("You have as many collections as this site allows. Delete one first.")


class CollectionFull(Refused):
    reason = _("This collection is full. Begin another one.")


class OwnWork(Refused):
    reason = _("This is your own picture. You can take it down yourself.")


class TooManyReports(Refused):
    reason = _("You have reported many pictures today. The moderators look at them first.")
    status = 429
    retry_after = 3600


class AlreadyAppealed(Refused):
    reason = _("You have appealed already, or there is nothing left to appeal against.")


class AlreadyAnswered(Refused):
    reason = _("This appeal has been answered already.")


class TooFast(Refused):
    reason = _("That was a lot at once. Wait a minute, then go on.")
    status = 429
    retry_after = 60
