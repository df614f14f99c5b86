from django.apps import AppConfig
from django.contrib import admin
from django.contrib.admin.apps import AdminConfig


class StylesiteConfig(AppConfig):
    name = "stylesite"


class OwnAdminConfig(AdminConfig):
    """The admin without the raw rows of how people sign in: what staff need to do about those are actions on people."""

    def ready(self) -> None:
        super().ready()
        from allauth.mfa.models import Authenticator
        from allauth.usersessions.models import UserSession

        admin.site.unregister([Authenticator, UserSession])
