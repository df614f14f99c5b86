"""What staff see and do: works, collections and profiles, and what moderators have to look at."""

from gallery.admin.moderation import ActAdmin, AppealAdmin, ReportAdmin, WorkToLookAtAdmin
from gallery.admin.profiles import ProfileAdmin
from gallery.admin.works import ArtworkAdmin, CollectionAdmin, TagAdmin

__all__ = [
    "ActAdmin",
    "AppealAdmin",
    "ArtworkAdmin",
    "CollectionAdmin",
    "ProfileAdmin",
    "ReportAdmin",
    "TagAdmin",
    "WorkToLookAtAdmin",
]
