"""What a request may do by the scopes of its token."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _
from rest_framework.exceptions import PermissionDenied
from rest_framework.permissions import SAFE_METHODS, BasePermission
from rest_framework.request import Request

from accounts.models import Scope

if TYPE_CHECKING:
    from accounts.rest.views import ApiViewSet


class HasScope(BasePermission):
    """Someone is signed in, and their token, if they use one, has the scope that the view asks for."""

    message = _("This token lacks the scope that is needed here.")
    code = "scope"

    def has_permission(self, request: Request, view: ApiViewSet) -> bool:
        if not request.user.is_authenticated:
            return False
        if request.user.is_suspended and request.method not in SAFE_METHODS:
            raise PermissionDenied(_("This account is suspended."), code="suspended")
        return request.auth is None or needed_scope(view, request.method or "") in request.auth.scopes


def needed_scope(view: ApiViewSet, method: str) -> Scope:
    """`read` for what changes nothing, `write` for the rest."""
    only_looks = method in SAFE_METHODS or getattr(view, "action", None) in getattr(view, "looking_actions", ())
    return Scope.READ if only_looks else Scope.WRITE
