"""Rows that come about on the site, where their files and counts are kept in step, and not in the admin."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.contrib.admin.views.main import ChangeList
from django.db.models import Model
from django.http import HttpRequest


class OwnChangeList(ChangeList):
    """Knows that a list which nothing narrows is all there is, and does not offer to show the rest."""

    def get_results(self, request: HttpRequest) -> None:
        super().get_results(request)
        if not self.query and not self.has_active_filters:
            self.full_result_count = self.result_count


class MadeOnTheSite(admin.ModelAdmin):
    """Staff change what the admin shows as fields, and delete; they make none by hand."""

    # Counting all rows beside those that were found would take a second of every search among a million.
    show_full_result_count = False

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[ChangeList]:
        return OwnChangeList

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False


class LookedAt(MadeOnTheSite):
    """Staff look, and act by actions; they can delete a row, but not rewrite it."""

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False


class Kept(LookedAt):
    """Staff look, and act by actions; the rows are a record."""

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False
