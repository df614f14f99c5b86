"""The gallery's pages. They only translate HTTP to `gallery.services` and back."""

from gallery.views.browse import artist, follow, following, index, unfollow
from gallery.views.collections import (
    collect,
    collection,
    collections,
    delete_collection,
    edit_collection,
    remove_from_collection,
)
from gallery.views.moderation import appeal, notices, report
from gallery.views.profile import profile
from gallery.views.works import artwork, edit, like, publish, time_lapse, unlike, unpublish

__all__ = [
    "appeal",
    "artist",
    "artwork",
    "collect",
    "collection",
    "collections",
    "delete_collection",
    "edit",
    "edit_collection",
    "follow",
    "following",
    "index",
    "like",
    "notices",
    "profile",
    "publish",
    "remove_from_collection",
    "report",
    "time_lapse",
    "unfollow",
    "unlike",
    "unpublish",
]
