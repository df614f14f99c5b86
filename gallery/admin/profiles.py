"""What people show of themselves, and taking it away where it should not be shown."""

from __future__ import annotations

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from accounts.admin.bases import Kept
from gallery import services
from gallery.admin.acts import Moderates, ReasonedActions, moderator_of, reason_in
from gallery.models import Profile


@admin.register(Profile)
class ProfileAdmin(Moderates, Kept):
    list_display = ["picture", "person", "name", "about"]
    list_display_links = ["person"]
    list_select_related = ["person"]
    list_per_page = 50
    search_fields = ["person__username", "person__name", "about"]
    fields = ("picture", "person", "name", "about")
    readonly_fields = fields
    action_form = ReasonedActions
    actions = ["clear"]

    class Media:
        css = {"all": ["css/moderation.css"]}

    @admin.display(description=_("picture"))
    def picture(self, profile: Profile) -> str:
        if not profile.avatar:
            return "–"
        return format_html('<img class="moderated" src="{}" alt="" width="64" loading="lazy">', profile.avatar.url)

    @admin.display(description=_("shown name"), ordering="person__name")
    def name(self, profile: Profile) -> str:
        return profile.person.name

    @admin.action(description=_("Clear: name, words and picture"), permissions=["moderate"])
    def clear(self, request: HttpRequest, profiles: QuerySet[Profile]) -> None:
        people = [profile.person for profile in profiles.select_related("person")]
        for person in people:
            services.clear_profile(person=person, moderator=moderator_of(request), reason=reason_in(request))
        done = ngettext("%(count)d profile was cleared.", "%(count)d profiles were cleared.", len(people))
        self.message_user(request, done % {"count": len(people)})
