from django.contrib import admin
from django.contrib.auth.admin import UserAdmin
from django.forms import ModelForm
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from accounts.models import Quota, User
from accounts.services import renamed

NAMES = {"username", "name"}


class QuotaInline(admin.StackedInline):
    model = Quota
    can_delete = False


@admin.register(User)
class PersonAdmin(UserAdmin):
    inlines = [QuotaInline]
    fieldsets = (*UserAdmin.fieldsets, (_("On the site"), {"fields": ("name", "language", "suspended_at")}))  # type: ignore[misc]
    readonly_fields = ("language", "suspended_at")

    def save_model(self, request: HttpRequest, obj: User, form: ModelForm, change: bool) -> None:
        super().save_model(request, obj, form, change)
        if change and NAMES & set(form.changed_data):
            renamed.send(sender=User, person=obj)
