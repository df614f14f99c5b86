"""Putting works together."""

from __future__ import annotations

from django.db import transaction

from accounts.models import User
from gallery.errors import CollectionFull, TooManyCollections
from gallery.models import Artwork, Collected, Collection

COLLECTIONS_PER_PERSON = 200
WORKS_PER_COLLECTION = 2000


@transaction.atomic
def add_collection(*, owner: User, name: str, is_public: bool) -> Collection:
    """Raises `TooManyCollections`."""
    # Locking the person makes their additions take turns, so that the rule cannot be raced.
    User.objects.select_for_update().get(pk=owner.pk)
    if Collection.objects.filter(owner=owner).count() >= COLLECTIONS_PER_PERSON:
        raise TooManyCollections
    return Collection.objects.create(owner=owner, name=name, is_public=is_public)


def edit_collection(*, collection: Collection, name: str, is_public: bool) -> None:
    collection.name, collection.is_public = name, is_public
    collection.save(update_fields=["name", "is_public"])


def delete_collection(*, collection: Collection) -> None:
    """The works stay where they are."""
    collection.delete()


@transaction.atomic
def collect(*, collection: Collection, artwork: Artwork) -> None:
    """Put a work into a collection, once. Raises `CollectionFull`."""
    Collection.objects.select_for_update().get(pk=collection.pk)
    if collection.places.filter(artwork=artwork).exists():
        return
    if collection.places.count() >= WORKS_PER_COLLECTION:
        raise CollectionFull
    Collected.objects.create(collection=collection, artwork=artwork)


def remove_from_collection(*, collection: Collection, artwork: Artwork) -> None:
    collection.places.filter(artwork=artwork).delete()
