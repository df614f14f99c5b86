from django.contrib import admin

from accounts.admin.bases import LookedAt
from accounts.models import ApiToken, Webhook


@admin.register(ApiToken)
class ApiTokenAdmin(LookedAt):
    list_display = ("name", "user", "start", "scope_names", "last_used_at", "expires_at")
    search_fields = ("name", "user__username", "start")
    exclude = ("digest",)


@admin.register(Webhook)
class WebhookAdmin(LookedAt):
    list_display = ("url", "user", "created_at")
    search_fields = ("url", "user__username")
    exclude = ("secret",)
