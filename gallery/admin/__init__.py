"""What staff see and do: works and collections, and what moderators have to look at."""

from gallery.admin.moderation import ActAdmin, AppealAdmin, ReportAdmin, WorkToLookAtAdmin
from gallery.admin.works import ArtworkAdmin, CollectionAdmin, TagAdmin

__all__ = [
    "ActAdmin",
    "AppealAdmin",
    "ArtworkAdmin",
    "CollectionAdmin",
    "ReportAdmin",
    "TagAdmin",
    "WorkToLookAtAdmin",
]
