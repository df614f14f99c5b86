from django.contrib import admin
from django.http import HttpRequest

from gallery.models import Artwork


@admin.register(Artwork)
class ArtworkAdmin(admin.ModelAdmin):
    list_display = ["title", "artist", "published_at"]
    search_fields = ["title", "artist__username"]
    fields = ["title"]
    list_select_related = ["artist"]

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False
