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
from gallery.services.people import follow, forget_likes_of, like, unfollow, unlike
from gallery.services.works import Caption, edit, publish, unpublish

__all__ = [
    "Caption",
    "NotFinished",
    "add_collection",
    "collect",
    "delete_collection",
    "edit",
    "edit_collection",
    "follow",
    "forget_likes_of",
    "like",
    "publish",
    "remove_from_collection",
    "unfollow",
    "unlike",
    "unpublish",
]
