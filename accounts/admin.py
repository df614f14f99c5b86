from django.contrib import admin
from django.contrib.auth.admin import UserAdmin

from accounts.models import Quota, User


class QuotaInline(admin.StackedInline):
    model = Quota
    can_delete = False


@admin.register(User)
class PersonAdmin(UserAdmin):
    inlines = [QuotaInline]
