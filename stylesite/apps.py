from django.apps import AppConfig
from django.contrib import admin
from django.contrib.admin.apps import AdminConfig
from django.utils.translation import gettext_lazy as _
from django_rq.apps import DjangoRqAdminConfig


class StylesiteConfig(AppConfig):
    name = "stylesite"


class QueuesConfig(DjangoRqAdminConfig):  # type: ignore[misc]  # django-rq has no types
    verbose_name = _("Queues")


class OwnAdminConfig(AdminConfig):
    """The admin without the raw rows of how people sign in: what staff need to do about those are actions on people."""

    def ready(self) -> None:
        super().ready()
        from allauth.mfa.models import Authenticator
        from allauth.usersessions.models import UserSession

        admin.site.unregister([Authenticator, UserSession])
