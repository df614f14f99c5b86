"""What one person has in the gallery, for the archive of their data."""

from __future__ import annotations

from typing import Any

from accounts.exports import Entry
from accounts.models import User
from gallery.models import Artwork, Collection, Follow, Like, Profile


def own_works(user: User, **signal: Any) -> list[Entry]:
    """Works, likes, artists followed and collections; the works' pictures are among the paintings."""
    works = Artwork.objects.filter(artist=user).values(
        "id", "job", "title", "description", "visibility", "published_at"
    )
    likes = Like.objects.filter(person=user).values("artwork", "created_at")
    following = Follow.objects.filter(follower=user).values_list("artist__username", flat=True)
    collections = Collection.objects.filter(owner=user).prefetch_related("works")
    return [
        ("works.json", list(works)),
        ("likes.json", list(likes)),
        ("following.json", list(following)),
        ("collections.json", [_about(collection) for collection in collections]),
        *_own_profile(user),
    ]


def _own_profile(user: User) -> list[Entry]:
    profile = Profile.objects.filter(person=user).first()
    if profile is None:
        return []
    avatar = [("avatar.webp", profile.avatar)] if profile.avatar else []
    return [("profile.json", {"about": profile.about}), *avatar]


def _about(collection: Collection) -> dict[str, Any]:
    works = [work.pk for work in collection.works.all()]
    return {"name": collection.name, "is_public": collection.is_public, "works": works}
