"""Works through the API: browse, publish, take back, like and report; and what others see of oneself."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError as InvalidField
from django.db.models import Exists, OuterRef, QuerySet
from django.urls import path, reverse
from django.utils.translation import gettext_lazy as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import (
    OpenApiExample,
    OpenApiParameter,
    extend_schema,
    extend_schema_field,
    extend_schema_view,
)
from rest_framework import serializers
from rest_framework.generics import get_object_or_404
from rest_framework.mixins import ListModelMixin, RetrieveModelMixin
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.models import NAME_LENGTH
from accounts.rest.fields import Choice, Flag, Id, StrictSerializer, Text
from accounts.rest.pagination import Pages
from accounts.rest.views import ApiViewSet
from gallery import services
from gallery.browsing import NEWEST, ORDERS, TRENDING, Wish
from gallery.forms import PlainName, TagsField
from gallery.models import (
    ABOUT_LENGTH,
    MOST_TAGS,
    TAG_LENGTH,
    Artwork,
    Like,
    Print,
    Profile,
    Reason,
    Visibility,
)
from gallery.pace import check_pace
from transfer.api.pictures import TAKES_FILES, PictureFile
from transfer.models import Job

# Of like counts too many are the same for a cursor to stand between.
SORTS = (NEWEST, TRENDING)


class PictureSerializer(serializers.Serializer):
    """One rendition of a picture."""

    format = serializers.ChoiceField(["webp", "avif"])
    width = serializers.IntegerField()
    height = serializers.IntegerField()
    url = serializers.URLField(help_text="It works for as long as the work is there.")


class WorkSerializer(serializers.ModelSerializer):
    artist = serializers.CharField(source="artist.username", read_only=True, help_text="The user name.")
    artist_name = serializers.CharField(source="artist.display_name", read_only=True)
    style = serializers.CharField(source="style.display_name", read_only=True)
    tags = serializers.SerializerMethodField()
    width = serializers.IntegerField(source="painting.width", read_only=True)
    height = serializers.IntegerField(source="painting.height", read_only=True)
    pictures = serializers.SerializerMethodField(help_text="The painting in its sizes and formats.")
    photo = serializers.SerializerMethodField(help_text="Empty where the artist does not show it.")
    time_lapse = serializers.SerializerMethodField(
        help_text="How it was painted, an animated WebP; null where the artist does not show the photo."
    )
    liked = serializers.BooleanField(read_only=True, help_text="By you.")
    page_url = serializers.SerializerMethodField(help_text="For people.")

    class Meta:
        model = Artwork
        fields = (
            "id",
            "title",
            "description",
            "tags",
            "visibility",
            "standing",
            "artist",
            "artist_name",
            "style",
            "width",
            "height",
            "pictures",
            "photo",
            "time_lapse",
            "like_count",
            "liked",
            "published_at",
            "page_url",
        )
        read_only_fields = fields

    @extend_schema_field({"type": "array", "items": {"type": "string"}})
    def get_tags(self, work: Artwork) -> list[str]:
        return [tag.name for tag in work.tags.all()]

    @extend_schema_field(PictureSerializer(many=True))
    def get_pictures(self, work: Artwork) -> list[dict[str, Any]]:
        return self._renditions(work.painting)

    @extend_schema_field(PictureSerializer(many=True))
    def get_photo(self, work: Artwork) -> list[dict[str, Any]]:
        return self._renditions(work.photo) if work.photo else []

    @extend_schema_field({"type": "string", "format": "uri", "nullable": True})
    def get_time_lapse(self, work: Artwork) -> str | None:
        if not work.time_lapse:
            return None
        return str(self.context["request"].build_absolute_uri(reverse("gallery:time_lapse", args=[work.pk])))

    @extend_schema_field(OpenApiTypes.URI)
    def get_page_url(self, work: Artwork) -> str:
        return str(self.context["request"].build_absolute_uri(work.get_absolute_url()))

    def _renditions(self, picture: Print) -> list[dict[str, Any]]:
        absolute = self.context["request"].build_absolute_uri
        return [
            {"format": one.format, "width": one.width, "height": one.height, "url": absolute(one.url)}
            for one in picture.renditions.all()
        ]


class PublicationSerializer(StrictSerializer):
    """A finished job, and what is to be said of it."""

    job = Id()
    title = Text(max_length=120)
    description = Text(max_length=2000, allow_blank=True, default="")
    tags = serializers.ListField(child=Text(max_length=TAG_LENGTH), max_length=MOST_TAGS, default=list)
    visibility = Choice(Visibility.choices, default=Visibility.PUBLIC)
    share_photo = Flag(default=False, help_text="Show the photo beside the painting, and its time-lapse.")

    def validate_tags(self, tags: list[str]) -> list[str]:
        try:
            return TagsField(required=False).clean(",".join(tags))
        except InvalidField as error:
            raise serializers.ValidationError(error.messages, "invalid") from error


class ComplaintSerializer(StrictSerializer):
    """What is wrong with a work."""

    reason = Choice(Reason.choices)
    comment = Text(max_length=1000, allow_blank=True, default="")


class LikingSerializer(serializers.Serializer):
    liked = serializers.BooleanField()
    like_count = serializers.IntegerField()


class WorkPages(Pages):
    """In the order that is asked for."""

    def get_ordering(self, request: Request, queryset: QuerySet[Artwork], view: Any) -> tuple[str, ...]:
        return f"-{ORDERS[view.wish.sort][0]}", "-id"


PUBLICATION = OpenApiExample(
    "A work for everyone",
    value={"job": "0b5f6c1e-7d0f-4d55-9d0a-2f7e0c6a9b11", "title": "Harbour at dusk", "tags": ["sea", "blue"]},
    request_only=True,
)
FILTERS = [
    OpenApiParameter("sort", str, OpenApiParameter.QUERY, enum=SORTS, default=NEWEST, description="In which order."),
    OpenApiParameter("q", str, OpenApiParameter.QUERY, description="Words that the work must have."),
    OpenApiParameter("style", str, OpenApiParameter.QUERY, description="The name of a starter style in addresses."),
    OpenApiParameter("tag", str, OpenApiParameter.QUERY, description="A tag that the work must have."),
    OpenApiParameter("artist", str, OpenApiParameter.QUERY, description="The artist's user name."),
]


@extend_schema_view(
    list=extend_schema(summary="Browse the gallery", description="What everyone finds.", parameters=FILTERS),
    retrieve=extend_schema(summary="One work", description="Unlisted ones, too, for whoever has their id."),
)
class Works(ListModelMixin, RetrieveModelMixin, ApiViewSet):
    """What people have published."""

    serializer_class = WorkSerializer
    queryset = Artwork.objects.none()
    pagination_class = WorkPages
    refusals = {"create": (404, 409), "like": (429,), "unlike": (429,), "report": (409, 429)}

    @property
    def wish(self) -> Wish:
        sort = self.request.query_params.get("sort", NEWEST)
        if sort not in SORTS:
            raise serializers.ValidationError({"sort": _("Choose one of: %s.") % ", ".join(SORTS)}, "invalid_choice")
        return Wish.of(self.request.query_params)

    def get_queryset(self) -> QuerySet[Artwork]:
        viewer = self.request.user
        if self.action == "destroy":
            return Artwork.objects.filter(artist=viewer)
        if self.action == "list":
            works = self.wish.among(Artwork.objects.on_show_to(viewer))
        else:
            works = Artwork.objects.visible_to(viewer)
        liked = Exists(Like.objects.filter(artwork=OuterRef("pk"), person=viewer))
        rows = works.select_related("artist", "job", "style", "painting", "photo").annotate(liked=liked)
        return rows.prefetch_related("painting__renditions", "photo__renditions", "tags")

    @extend_schema(
        summary="Publish a finished job",
        description="Published again, a job's work stays, and what is said of it changes.",
        request=PublicationSerializer,
        responses={201: WorkSerializer},
        examples=[PUBLICATION],
    )
    def create(self, request: Request) -> Response:
        chosen = PublicationSerializer(data=request.data)
        chosen.is_valid(raise_exception=True)
        said = chosen.validated_data
        job = get_object_or_404(Job, pk=said.pop("job"), owner=request.user)
        work = services.publish(job=job, caption=services.Caption(**said))
        return Response(self.get_serializer(self.get_queryset().get(pk=work.pk)).data, status=201)

    @extend_schema(summary="Take a work of your own back", description="Its addresses stop working at once.")
    def destroy(self, request: Request, pk: UUID) -> Response:
        services.unpublish(artwork=self.get_object())
        return Response(status=204)

    @extend_schema(summary="Like a work", request=None, responses={200: LikingSerializer})
    def like(self, request: Request, pk: UUID) -> Response:
        check_pace(request.user)
        services.like(artwork=self.get_object(), person=request.user)
        return self._liking()

    @extend_schema(summary="Like a work no longer", responses={200: LikingSerializer})
    def unlike(self, request: Request, pk: UUID) -> Response:
        check_pace(request.user)
        services.unlike(artwork=self.get_object(), person=request.user)
        return self._liking()

    @extend_schema(summary="Ask the moderators to look at a work", request=ComplaintSerializer, responses={204: None})
    def report(self, request: Request, pk: UUID) -> Response:
        work = self.get_object()
        complaint = ComplaintSerializer(data=request.data)
        complaint.is_valid(raise_exception=True)
        services.report(artwork=work, reporter=request.user, **complaint.validated_data)
        return Response(status=204)

    def _liking(self) -> Response:
        return Response(LikingSerializer(self.get_object()).data)


class ProfileSerializer(serializers.Serializer):
    """What others see of somebody."""

    username = serializers.CharField(source="person.username")
    name = serializers.CharField(source="person.name", help_text="Empty: they are shown under their user name.")
    about = serializers.CharField()
    avatar_url = serializers.SerializerMethodField()
    page_url = serializers.SerializerMethodField(help_text="For people.")

    @extend_schema_field({"type": "string", "format": "uri", "nullable": True})
    def get_avatar_url(self, profile: Profile) -> str | None:
        return self._absolute(profile.avatar.url) if profile.avatar else None

    @extend_schema_field(OpenApiTypes.URI)
    def get_page_url(self, profile: Profile) -> str:
        return self._absolute(reverse("gallery:artist", args=[profile.person.username]))

    def _absolute(self, address: str) -> str:
        return str(self.context["request"].build_absolute_uri(address))


class NewProfileSerializer(StrictSerializer):
    """What is to be seen of you. Signs that nobody sees are left out."""

    name = Text(max_length=NAME_LENGTH, allow_blank=True)
    about = Text(max_length=ABOUT_LENGTH, allow_blank=True)

    def validate_name(self, name: str) -> str:
        try:
            return PlainName(required=False).clean(name)
        except InvalidField as error:
            raise serializers.ValidationError(error.messages, error.code) from error


class NewAvatarSerializer(StrictSerializer):
    """A picture of you, whose middle is shown."""

    image = PictureFile()


class OwnProfile(ApiViewSet):
    """What others see of you: your name, your words and your picture."""

    serializer_class = ProfileSerializer
    http_method_names = ("get", "head", "put", "delete")
    refusals = {"update": (429,), "show": (429,), "hide": (429,)}

    @extend_schema(summary="Your profile")
    def retrieve(self, request: Request) -> Response:
        profile = Profile.objects.filter(person=request.user).first() or Profile()
        # The person as the request knows them.
        profile.person = request.user
        return Response(self.get_serializer(profile).data)

    @extend_schema(summary="Say something else of yourself", request=NewProfileSerializer)
    def update(self, request: Request) -> Response:
        said = NewProfileSerializer(data=request.data)
        said.is_valid(raise_exception=True)
        check_pace(request.user)
        services.edit_profile(person=request.user, **said.validated_data)
        return self.retrieve(request)

    @extend_schema(summary="Show a picture of you", request={"multipart/form-data": NewAvatarSerializer})
    def show(self, request: Request) -> Response:
        chosen = NewAvatarSerializer(data=request.data)
        chosen.is_valid(raise_exception=True)
        check_pace(request.user)
        services.set_avatar(person=request.user, picture=chosen.validated_data["image"])
        return self.retrieve(request)

    @extend_schema(summary="Show your initials instead of a picture")
    def hide(self, request: Request) -> Response:
        check_pace(request.user)
        services.remove_avatar(person=request.user)
        return Response(status=204)


urlpatterns = [
    path("profile/", OwnProfile.as_view({"get": "retrieve", "put": "update"}), name="profile"),
    path(
        "profile/picture/",
        OwnProfile.as_view({"put": "show", "delete": "hide"}, **TAKES_FILES),
        name="profile-picture",
    ),
    path("works/", Works.as_view({"get": "list", "post": "create"}), name="works"),
    path("works/<uuid:pk>/", Works.as_view({"get": "retrieve", "delete": "destroy"}), name="work"),
    path("works/<uuid:pk>/like/", Works.as_view({"post": "like", "delete": "unlike"}), name="work-like"),
    path("works/<uuid:pk>/report/", Works.as_view({"post": "report"}), name="work-report"),
]
