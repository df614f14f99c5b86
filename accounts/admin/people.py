from django.contrib import admin
from django.contrib.auth.admin import UserAdmin
from django.utils.translation import gettext_lazy as _

from accounts.models import Quota, User


class QuotaInline(admin.StackedInline):
    model = Quota
    can_delete = False


@admin.register(User)
class PersonAdmin(UserAdmin):
    inlines = [QuotaInline]
    fieldsets = (*UserAdmin.fieldsets, (_("On the site"), {"fields": ("name", "language", "suspended_at")}))  # type: ignore[misc]
    readonly_fields = ("language", "suspended_at")
