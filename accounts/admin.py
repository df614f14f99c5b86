from django.contrib import admin
from django.contrib.auth.admin import UserAdmin
from django.db.models import Model
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from accounts.models import ApiToken, Quota, User, Webhook


class QuotaInline(admin.StackedInline):
    model = Quota
    can_delete = False


@admin.register(User)
class PersonAdmin(UserAdmin):
    inlines = [QuotaInline]
    fieldsets = (*UserAdmin.fieldsets, (_("On the site"), {"fields": ("name", "language", "suspended_at")}))  # type: ignore[misc]
    readonly_fields = ("language", "suspended_at")


class ReadOnlyAdmin(admin.ModelAdmin):
    """Staff see what there is and can take it away."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False


@admin.register(ApiToken)
class ApiTokenAdmin(ReadOnlyAdmin):
    list_display = ("name", "user", "start", "scope_names", "last_used_at", "expires_at")
    search_fields = ("name", "user__username", "start")
    exclude = ("digest",)


@admin.register(Webhook)
class WebhookAdmin(ReadOnlyAdmin):
    list_display = ("url", "user", "created_at")
    search_fields = ("url", "user__username")
    exclude = ("secret",)
