"""Webhooks through the API."""

from __future__ import annotations

from uuid import UUID

from django.db.models import QuerySet
from django.urls import path
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework import serializers
from rest_framework.mixins import ListModelMixin, RetrieveModelMixin
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.forms import WebhookForm
from accounts.models import Delivery, Webhook
from accounts.rest.fields import StrictSerializer
from accounts.rest.views import ApiViewSet
from accounts.webhooks import add_webhook, remove_webhook


class WebhookSerializer(serializers.ModelSerializer):
    class Meta:
        model = Webhook
        fields = ("id", "url", "created_at")
        read_only_fields = fields


class MadeWebhookSerializer(serializers.ModelSerializer):
    secret = serializers.CharField(read_only=True, help_text="What messages are signed with. It is told this once.")

    class Meta:
        model = Webhook
        fields = ("id", "url", "created_at", "secret")
        read_only_fields = fields


class NewWebhookSerializer(StrictSerializer):
    """An address that shall be told when jobs end."""

    url = serializers.URLField(max_length=500, help_text="An http or https address on the public network.")

    def validate_url(self, url: str) -> str:
        form = WebhookForm({"url": url})
        if not form.is_valid():
            raise serializers.ValidationError(form.errors["url"])
        return str(form.cleaned_data["url"])


class DeliverySerializer(serializers.ModelSerializer):
    class Meta:
        model = Delivery
        fields = ("id", "event", "state", "attempts", "due_at", "outcome", "created_at")
        read_only_fields = fields


@extend_schema_view(
    list=extend_schema(summary="List your webhooks"), retrieve=extend_schema(summary="One of your webhooks")
)
class Webhooks(ListModelMixin, RetrieveModelMixin, ApiViewSet):
    """Addresses that are told when a job has ended: `job.succeeded`, `job.failed` or `job.cancelled`."""

    serializer_class = WebhookSerializer
    queryset = Webhook.objects.none()
    refusals = {"create": (409,)}

    def get_queryset(self) -> QuerySet[Webhook]:
        return Webhook.objects.filter(user=self.request.user)

    @extend_schema(summary="Add a webhook", request=NewWebhookSerializer, responses={201: MadeWebhookSerializer})
    def create(self, request: Request) -> Response:
        chosen = NewWebhookSerializer(data=request.data)
        chosen.is_valid(raise_exception=True)
        webhook = add_webhook(user=request.user, **chosen.validated_data)
        return Response(MadeWebhookSerializer(webhook).data, status=201)

    @extend_schema(summary="Remove a webhook", description="What was still to be sent to it is not sent.")
    def destroy(self, request: Request, pk: UUID) -> Response:
        remove_webhook(webhook=self.get_object())
        return Response(status=204)

    @extend_schema(
        summary="List what was sent to a webhook",
        description="Of the last 30 days, the newest first.",
        responses=DeliverySerializer(many=True),
    )
    def deliveries(self, request: Request, pk: UUID) -> Response:
        page = self.paginate_queryset(self.get_object().deliveries.all())
        return self.get_paginated_response(DeliverySerializer(page, many=True).data)


urlpatterns = [
    path("webhooks/", Webhooks.as_view({"get": "list", "post": "create"}), name="webhooks"),
    path("webhooks/<uuid:pk>/", Webhooks.as_view({"get": "retrieve", "delete": "destroy"}), name="webhook"),
    path("webhooks/<uuid:pk>/deliveries/", Webhooks.as_view({"get": "deliveries"}), name="webhook-deliveries"),
]
