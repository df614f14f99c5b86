"""Photos, styles and generators: what a painting is made of."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError as InvalidPicture
from django.db.models import Q, QuerySet
from django.http import HttpResponse
from django.utils.translation import gettext_lazy as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_field, extend_schema_view
from rest_framework import serializers
from rest_framework.mixins import ListModelMixin, RetrieveModelMixin
from rest_framework.parsers import MultiPartParser
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.reverse import reverse

from accounts.rest.fields import StrictSerializer, Text
from accounts.rest.renderers import Picture
from accounts.rest.views import ApiViewSet
from transfer import services
from transfer.forms import NAME_LENGTH
from transfer.models import Generator, Photo, Style
from transfer.uploads import decode_upload
from transfer.views.files import PICTURE_KINDS, file_of

KIND = OpenApiParameter(
    "kind", str, OpenApiParameter.QUERY, enum=PICTURE_KINDS, default="image", description="The picture, or a small one."
)
JPEG_OR_WEBP = {(200, "image/jpeg"): OpenApiTypes.BINARY, (200, "image/webp"): OpenApiTypes.BINARY}


@extend_schema_field(OpenApiTypes.BINARY)
class PictureFile(serializers.FileField):
    """A file that decodes to a picture; its value is the decoded picture."""

    def to_internal_value(self, data: Any) -> Any:
        try:
            return decode_upload(super().to_internal_value(data))
        except InvalidPicture as error:
            raise serializers.ValidationError(error.messages, code=error.code) from error


@extend_schema_field(OpenApiTypes.URI)
class Link(serializers.ReadOnlyField):
    """The address of one of the API's routes about the object."""

    def __init__(self, route: str) -> None:
        super().__init__(source="*")
        self.route = route

    def to_representation(self, value: Any) -> str:
        return str(reverse(f"api:{self.route}", args=[value.pk], request=self.context["request"]))


class UploadSerializer(serializers.ModelSerializer):
    image_url = Link("upload-image")

    class Meta:
        model = Photo
        fields = ("id", "width", "height", "created_at", "image_url")
        read_only_fields = fields


class NewUploadSerializer(StrictSerializer):
    """A photo to be painted."""

    image = PictureFile(help_text="JPEG, PNG, WebP, AVIF or HEIC. It is turned upright and stripped of metadata.")


class StyleSerializer(serializers.ModelSerializer):
    name = serializers.CharField(source="display_name", read_only=True)
    description = serializers.CharField(source="display_description", read_only=True)
    is_starter = serializers.BooleanField(read_only=True)
    image_url = Link("style-image")

    class Meta:
        model = Style
        fields = ("id", "name", "description", "is_starter", "width", "height", "created_at", "image_url")
        read_only_fields = fields


class NewStyleSerializer(StrictSerializer):
    """A picture to paint in the manner of."""

    name = Text(max_length=NAME_LENGTH)
    image = PictureFile()


class GeneratorSerializer(serializers.ModelSerializer):
    name = serializers.CharField(source="display_name", read_only=True)
    trained_on = serializers.CharField(source="display_trained_on", read_only=True)
    sample_url = Link("generator-sample")

    class Meta:
        model = Generator
        fields = ("id", "name", "trained_on", "licence", "created_at", "sample_url")
        read_only_fields = fields


def picture_kind(request: Request) -> str:
    kind = str(request.query_params.get("kind", "image"))
    if kind not in PICTURE_KINDS:
        raise serializers.ValidationError(
            {"kind": _("Choose one of: %s.") % ", ".join(PICTURE_KINDS)}, "invalid_choice"
        )
    return kind


@extend_schema_view(
    list=extend_schema(summary="List your photos", description="The newest first."),
    retrieve=extend_schema(summary="One of your photos"),
)
class Uploads(ListModelMixin, RetrieveModelMixin, ApiViewSet):
    """Photos, to be painted. Nobody but their owner sees them."""

    serializer_class = UploadSerializer
    queryset = Photo.objects.none()
    refusals = {"create": (429,), "destroy": (409,)}

    def get_queryset(self) -> QuerySet[Photo]:
        return Photo.objects.filter(owner=self.request.user)

    @extend_schema(
        summary="Upload a photo",
        request={"multipart/form-data": NewUploadSerializer},
        responses={201: UploadSerializer},
    )
    def create(self, request: Request) -> Response:
        chosen = NewUploadSerializer(data=request.data)
        chosen.is_valid(raise_exception=True)
        photo = services.add_photo(owner=request.user, **chosen.validated_data)
        return Response(self.get_serializer(photo).data, status=201)

    @extend_schema(summary="Delete a photo", description="409 where pictures have been painted of it.")
    def destroy(self, request: Request, pk: UUID) -> Response:
        services.remove_photo(photo=self.get_object())
        return Response(status=204)

    @extend_schema(summary="Fetch a photo", parameters=[KIND], responses=JPEG_OR_WEBP)
    def image(self, request: Request, pk: UUID) -> HttpResponse:
        return file_of(self.get_object(), picture_kind(request), PICTURE_KINDS)


@extend_schema_view(
    list=extend_schema(summary="List the styles", description="The starter styles and your own, the newest first."),
    retrieve=extend_schema(summary="One style"),
)
class Styles(ListModelMixin, RetrieveModelMixin, ApiViewSet):
    """Pictures to paint in the manner of: the starter styles are everyone's, the others their owner's alone."""

    serializer_class = StyleSerializer
    queryset = Style.objects.none()
    refusals = {"create": (429,)}

    def get_queryset(self) -> QuerySet[Style]:
        if self.action == "destroy":
            return Style.objects.of(self.request.user)
        if self.action == "image":
            # Jobs go on naming a style that has left the library.
            return Style.objects.filter(Q(owner=None) | Q(owner=self.request.user))
        return Style.objects.offered_to(self.request.user)

    @extend_schema(
        summary="Add a style", request={"multipart/form-data": NewStyleSerializer}, responses={201: StyleSerializer}
    )
    def create(self, request: Request) -> Response:
        chosen = NewStyleSerializer(data=request.data)
        chosen.is_valid(raise_exception=True)
        style = services.add_style(owner=request.user, **chosen.validated_data)
        return Response(self.get_serializer(style).data, status=201)

    @extend_schema(
        summary="Remove one of your own styles", description="It stays with the jobs that were painted with it."
    )
    def destroy(self, request: Request, pk: UUID) -> Response:
        services.remove_style(style=self.get_object())
        return Response(status=204)

    @extend_schema(summary="Fetch a style's picture", parameters=[KIND], responses=JPEG_OR_WEBP)
    def image(self, request: Request, pk: UUID) -> HttpResponse:
        return file_of(self.get_object(), picture_kind(request), PICTURE_KINDS)


@extend_schema_view(
    list=extend_schema(summary="List the generators", description="Those that paintings can start from."),
    retrieve=extend_schema(summary="One generator"),
)
class Generators(ListModelMixin, RetrieveModelMixin, ApiViewSet):
    """What a painting can start from instead of the photo."""

    serializer_class = GeneratorSerializer
    queryset = Generator.objects.none()

    def get_queryset(self) -> QuerySet[Generator]:
        if self.action == "list":
            return Generator.objects.published()
        return Generator.objects.visible_to(self.request.user).exclude(sample="")

    @extend_schema(summary="A picture that it has made", responses={(200, "image/webp"): OpenApiTypes.BINARY})
    def sample(self, request: Request, pk: UUID) -> HttpResponse:
        return file_of(self.get_object(), "sample", ("sample",))


# Views that answer with pictures, or take them, by what each takes and answers with.
TAKES_FILES = {"parser_classes": [MultiPartParser]}
GIVES_PICTURES = {"renderer_classes": [Picture, JSONRenderer]}
