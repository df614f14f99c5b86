"""The moderators' role: a group with just what their desk takes. Administrators put members of staff into it."""

from __future__ import annotations

from typing import Any

MODERATORS = "Moderators"
RIGHTS = (
    "moderate_artwork",
    "view_artwork",
    "view_worktolookat",
    "view_report",
    "view_act",
    "view_appeal",
    "view_profile",
)


def ensure_roles(**signal: Any) -> None:
    """After every migration; what an administrator has added to the group stays."""
    from django.contrib.auth.models import Group, Permission

    group, _ = Group.objects.get_or_create(name=MODERATORS)
    group.permissions.add(*Permission.objects.filter(content_type__app_label="gallery", codename__in=RIGHTS))
