from django.contrib import admin
from django.contrib.auth.admin import UserAdmin
from django.db.models import QuerySet
from django.forms import ModelForm
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from accounts.models import Quota, User
from accounts.services import renamed, sign_out_everywhere, turn_off_two_factor

NAMES = {"username", "name"}


class QuotaInline(admin.StackedInline):
    model = Quota
    can_delete = False


@admin.register(User)
class PersonAdmin(UserAdmin):
    inlines = [QuotaInline]
    fieldsets = (*UserAdmin.fieldsets, (_("On the site"), {"fields": ("name", "language", "suspended_at")}))  # type: ignore[misc]
    readonly_fields = ("language", "suspended_at")
    actions = ("sign_out", "turn_off_codes")

    def save_model(self, request: HttpRequest, obj: User, form: ModelForm, change: bool) -> None:
        super().save_model(request, obj, form, change)
        if change and NAMES & set(form.changed_data):
            renamed.send(sender=User, person=obj)

    @admin.action(description=_("Sign out everywhere"), permissions=["change"])
    def sign_out(self, request: HttpRequest, people: QuerySet[User]) -> None:
        for person in people:
            sign_out_everywhere(person=person)
            self.log_change(request, person, str(_("Signed out everywhere")))
        done = ngettext("%(count)d person was signed out.", "%(count)d people were signed out.", len(people))
        self.message_user(request, done % {"count": len(people)})

    @admin.action(description=_("Turn off two-factor sign-in, for who has lost it"), permissions=["change"])
    def turn_off_codes(self, request: HttpRequest, people: QuerySet[User]) -> None:
        changed = [person for person in people if turn_off_two_factor(person=person)]
        for person in changed:
            self.log_change(request, person, str(_("Two-factor sign-in turned off")))
        done = ngettext(
            "Two-factor sign-in was turned off for %(count)d person.",
            "Two-factor sign-in was turned off for %(count)d people.",
            len(changed),
        )
        self.message_user(request, done % {"count": len(changed)})
