"""Whose token this is, and what they have used of what they may have."""

from __future__ import annotations

from django.conf import settings
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.models import Scope, User
from accounts.rest.views import ApiViewSet
from transfer.usage import allowed_to, used_by


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
            "used": used_by(user),
            "allowed": _allowed(user),
            "token": request.auth,
        }
        return Response(self.get_serializer(me).data)


def _allowed(user: User) -> dict[str, int]:
    largest = {"upload_bytes": settings.UPLOAD_MAX_BYTES, "upload_pixels": settings.UPLOAD_MAX_PIXELS}
    return vars(allowed_to(user)) | largest
