"""What hangs in the gallery, and what people make of it."""

from gallery.models.artworks import MOST_TAGS, TAG_LENGTH, Artwork, Tag, Visibility
from gallery.models.collections import Collected, Collection
from gallery.models.people import Follow, Like
from gallery.models.prints import Format, Print, Rendition, public_storage

__all__ = [
    "MOST_TAGS",
    "TAG_LENGTH",
    "Artwork",
    "Collected",
    "Collection",
    "Follow",
    "Format",
    "Like",
    "Print",
    "Rendition",
    "Tag",
    "Visibility",
    "public_storage",
]
