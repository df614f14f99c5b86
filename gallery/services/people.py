"""Liking works and following artists."""

from __future__ import annotations

from django.db import transaction
from django.db.models import F, OuterRef, QuerySet, Subquery
from django.utils import timezone

from accounts.models import User
from gallery.errors import OwnWall
from gallery.models import Artwork, Follow, Like
from gallery.trend import age_at, with_like, without_like


@transaction.atomic
def like(*, artwork: Artwork, person: User) -> None:
    """Count the person's like, once."""
    now = timezone.now()
    age = age_at(now)
    _, is_new = Like.objects.get_or_create(artwork=artwork, person=person, defaults={"age": age, "created_at": now})
    if is_new:
        Artwork.objects.filter(pk=artwork.pk).update(like_count=F("like_count") + 1, trend=with_like(age))


@transaction.atomic
def unlike(*, artwork: Artwork, person: User) -> None:
    # Locked, so that of two clicks at once only one is subtracted.
    _uncount(Like.objects.filter(pk__in=list(_locked(artwork, person))))


@transaction.atomic
def forget_likes_of(person: User) -> None:
    """Take out of the counts what somebody who is leaving has liked."""
    _uncount(Like.objects.filter(person=person))


def follow(*, artist: User, follower: User) -> None:
    """Raises `OwnWall`."""
    if artist == follower:
        raise OwnWall
    Follow.objects.get_or_create(artist=artist, follower=follower)


def unfollow(*, artist: User, follower: User) -> None:
    Follow.objects.filter(artist=artist, follower=follower).delete()


def _locked(artwork: Artwork, person: User) -> QuerySet[Like, int]:
    return Like.objects.select_for_update().filter(artwork=artwork, person=person).values_list("pk", flat=True)


def _uncount(likes: QuerySet[Like]) -> None:
    """Delete one person's likes, and subtract each from its work."""
    age = Subquery(likes.filter(artwork=OuterRef("pk")).values("age")[:1])
    Artwork.objects.filter(likes__in=likes).update(like_count=F("like_count") - 1, trend=without_like(age))
    likes.delete()
