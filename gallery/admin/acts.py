"""What moderators can do about works, wherever the admin lists them."""

from __future__ import annotations

from typing import cast

from django import forms
from django.contrib import admin
from django.contrib.admin.helpers import ActionForm
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from accounts.models import User
from gallery import services
from gallery.models import Artwork, Kind


def moderator_of(request: HttpRequest) -> User:
    """Whoever acts: the admin lets nobody else in."""
    return cast(User, request.user)


def reason_in(request: HttpRequest) -> str:
    """What was written beside the action."""
    return request.POST.get("reason", "").strip()


class ReasonedActions(ActionForm):
    """The list of actions, with the reason that is logged and told to the artist."""

    reason = forms.CharField(label=_("Reason, told to the artist"), max_length=1000, required=False)


class Moderates(admin.ModelAdmin):
    """Whose actions are for moderators."""

    def has_moderate_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("gallery.moderate_artwork")


class ModeratesWorks(Moderates):
    action_form = ReasonedActions
    actions = ("approve", "hide", "remove", "feature", "unfeature", "warn", "suspend", "reinstate")

    class Media:
        css = {"all": ["css/moderation.css"]}

    @admin.action(description=_("Approve: show it"), permissions=["moderate"])
    def approve(self, request: HttpRequest, works: QuerySet[Artwork]) -> None:
        self._do(request, Kind.APPROVE, works)

    @admin.action(description=_("Hide"), permissions=["moderate"])
    def hide(self, request: HttpRequest, works: QuerySet[Artwork]) -> None:
        self._do(request, Kind.HIDE, works)

    @admin.action(description=_("Remove, and know it when it comes again"), permissions=["moderate"])
    def remove(self, request: HttpRequest, works: QuerySet[Artwork]) -> None:
        self._do(request, Kind.REMOVE, works)

    @admin.action(description=_("Feature"), permissions=["moderate"])
    def feature(self, request: HttpRequest, works: QuerySet[Artwork]) -> None:
        self._do(request, Kind.FEATURE, works)

    @admin.action(description=_("Feature no longer"), permissions=["moderate"])
    def unfeature(self, request: HttpRequest, works: QuerySet[Artwork]) -> None:
        self._do(request, Kind.UNFEATURE, works)

    @admin.action(description=_("Warn the artist"), permissions=["moderate"])
    def warn(self, request: HttpRequest, works: QuerySet[Artwork]) -> None:
        self._do(request, Kind.WARN, works)

    @admin.action(description=_("Suspend the artist"), permissions=["moderate"])
    def suspend(self, request: HttpRequest, works: QuerySet[Artwork]) -> None:
        self._do(request, Kind.SUSPEND, works)

    @admin.action(description=_("Reinstate the artist"), permissions=["moderate"])
    def reinstate(self, request: HttpRequest, works: QuerySet[Artwork]) -> None:
        self._do(request, Kind.REINSTATE, works)

    def _do(self, request: HttpRequest, kind: Kind, works: QuerySet[Artwork]) -> None:
        chosen = list(Artwork.objects.filter(pk__in=works.values("pk")))
        services.moderate(kind=kind, artworks=chosen, moderator=moderator_of(request), reason=reason_in(request))
        done = ngettext("%(count)d picture: %(what)s.", "%(count)d pictures: %(what)s.", len(chosen))
        self.message_user(request, done % {"count": len(chosen), "what": kind.label})
