"""What hangs in the gallery, and what people make of it."""

from gallery.models.artworks import MOST_TAGS, TAG_LENGTH, Artwork, Standing, Tag, Visibility
from gallery.models.collections import Collected, Collection
from gallery.models.moderation import GRAVE, Act, Appeal, Kind, Reason, RemovedPicture, Report
from gallery.models.people import ABOUT_LENGTH, Follow, Like, Profile
from gallery.models.prints import Format, Print, Rendition, public_storage

__all__ = [
    "ABOUT_LENGTH",
    "GRAVE",
    "MOST_TAGS",
    "TAG_LENGTH",
    "Act",
    "Appeal",
    "Artwork",
    "Collected",
    "Collection",
    "Follow",
    "Format",
    "Kind",
    "Like",
    "Print",
    "Profile",
    "Reason",
    "RemovedPicture",
    "Rendition",
    "Report",
    "Standing",
    "Tag",
    "Visibility",
    "public_storage",
]
