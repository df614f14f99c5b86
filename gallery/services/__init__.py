"""What people do in the gallery.

Each service trusts its caller to have found the rows among those its user may see, and refuses (`gallery.errors`) what
the rules forbid.
"""

from gallery.errors import NotFinished
from gallery.services.collections import (
    add_collection,
    collect,
    delete_collection,
    edit_collection,
    remove_from_collection,
)
from gallery.services.moderation import answer, appeal, clear_profile, moderate, report, undo
from gallery.services.people import follow, forget_likes_of, like, unfollow, unlike
from gallery.services.profiles import edit_profile, remove_avatar, set_avatar
from gallery.services.works import Caption, edit, publish, unpublish

__all__ = [
    "Caption",
    "NotFinished",
    "add_collection",
    "answer",
    "appeal",
    "clear_profile",
    "collect",
    "delete_collection",
    "edit",
    "edit_collection",
    "edit_profile",
    "follow",
    "forget_likes_of",
    "like",
    "moderate",
    "publish",
    "remove_avatar",
    "remove_from_collection",
    "report",
    "set_avatar",
    "undo",
    "unfollow",
    "unlike",
    "unpublish",
]
