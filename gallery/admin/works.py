from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from accounts.admin.bases import MadeOnTheSite
from gallery.admin.acts import ModeratesWorks
from gallery.models import Artwork, Collection, Tag
from gallery.services import Caption, edit


@admin.register(Artwork)
class ArtworkAdmin(ModeratesWorks, MadeOnTheSite):
    list_display = ["title", "standing", "artist", "style", "visibility", "is_featured", "like_count", "published_at"]
    list_filter = ["visibility", "standing", "is_featured", "published_at"]
    list_select_related = ["artist", "style"]
    search_fields = ["title", "artist__username"]
    fields = ["title", "description", "visibility", "artist", "style", "like_count", "published_at"]
    readonly_fields = ["artist", "style", "like_count", "published_at"]
    ordering = ["-published_at", "-id"]

    def save_model(self, request: HttpRequest, obj: Artwork, form: Any, change: bool) -> None:
        """As its artist would, so that it is found by its new words."""
        said = {field: getattr(obj, field) for field in ("title", "description", "visibility")}
        tags = [tag.name for tag in obj.tags.all()]
        edit(artwork=obj, caption=Caption(**said, tags=tags, share_photo=obj.photo_id is not None))


@admin.register(Collection)
class CollectionAdmin(MadeOnTheSite):
    list_display = ["name", "owner", "is_public", "created_at"]
    list_filter = ["is_public"]
    list_select_related = ["owner"]
    search_fields = ["name", "owner__username"]
    fields = ["name", "is_public"]


@admin.register(Tag)
class TagAdmin(MadeOnTheSite):
    list_display = ["name"]
    search_fields = ["name"]
