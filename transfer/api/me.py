"""Whose token this is, and what they have used of what they may have."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.models import Scope, User
from accounts.quotas import limits_of
from accounts.rest.views import ApiViewSet
from transfer import services, spending
from transfer.models import Job, State
from transfer.models.jobs import UNFINISHED


class UsageSerializer(serializers.Serializer):
    unfinished_jobs = serializers.IntegerField(help_text="Waiting and running jobs.")
    running_jobs = serializers.IntegerField()
    pixel_steps = serializers.IntegerField(help_text="Painting within the last 24 hours: pixels times steps.")
    uploads = serializers.IntegerField(help_text="Photos and styles within the last hour.")


class AllowanceSerializer(UsageSerializer):
    upload_bytes = serializers.IntegerField(help_text="The longest file that is taken.")
    upload_pixels = serializers.IntegerField(help_text="The largest picture that is taken.")


class TokenSerializer(serializers.Serializer):
    name = serializers.CharField()
    scopes = serializers.ListField(child=serializers.ChoiceField(Scope.choices))
    expires_at = serializers.DateTimeField(allow_null=True)


class MeSerializer(serializers.Serializer):
    username = serializers.CharField()
    display_name = serializers.CharField()
    email = serializers.EmailField()
    used = UsageSerializer()
    allowed = AllowanceSerializer()
    token = TokenSerializer(allow_null=True, help_text="The token that was sent, if one was.")


class Me(ApiViewSet):
    serializer_class = MeSerializer

    @extend_schema(summary="Who you are, what you have used and what you may use")
    def retrieve(self, request: Request) -> Response:
        user = request.user
        me = {
            "username": user.username,
            "display_name": user.display_name,
            "email": user.email,
            "used": _used(user),
            "allowed": _allowed(user),
            "token": request.auth,
        }
        return Response(self.get_serializer(me).data)


def _used(user: User) -> dict[str, int]:
    states = list(Job.objects.filter(owner=user, state__in=UNFINISHED).values_list("state", flat=True))
    return {
        "unfinished_jobs": len(states),
        "running_jobs": states.count(State.RUNNING),
        "pixel_steps": spending.used(user),
        "uploads": services.recent_uploads(owner=user),
    }


def _allowed(user: User) -> dict[str, Any]:
    limits = limits_of(user)
    return {
        "unfinished_jobs": limits.unfinished_jobs,
        "running_jobs": limits.running_jobs,
        "pixel_steps": limits.daily_pixel_steps,
        "uploads": settings.UPLOADS_PER_HOUR,
        "upload_bytes": settings.UPLOAD_MAX_BYTES,
        "upload_pixels": settings.UPLOAD_MAX_PIXELS,
    }
