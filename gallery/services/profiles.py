"""What somebody shows of themselves."""

from __future__ import annotations

from functools import partial

from django.db import transaction
from PIL import Image, ImageOps

from accounts.models import User
from gallery.models import Profile, public_storage
from gallery.services.finding import find_by_new_name
from transfer.files import stored
from transfer.uploads import as_webp

# Twice what the largest place for it shows, for fine screens.
AVATAR_SIDE = 256
FOLDER = "avatars"


def edit_profile(*, person: User, name: str, about: str) -> None:
    """Change the name that somebody is shown under, and what they say of themselves."""
    with transaction.atomic():
        _say(person, name, about)


def set_avatar(*, person: User, picture: Image.Image) -> None:
    """Show the middle of a decoded picture beside somebody's name; the address of the one before it ends."""
    with stored({"avatar": as_webp(_square(picture), AVATAR_SIDE)}, FOLDER, public_storage()) as names:
        _show(person, names["avatar"])


def remove_avatar(*, person: User) -> None:
    _show(person, "")


@transaction.atomic
def clear_profile(*, person: User) -> dict[str, str]:
    """Take all of it away, and give the words back, so that they can be restored; the picture is gone for good."""
    words = {"name": person.name, "about": _locked(person).about}
    _show(person, "")
    _say(person, "", "")
    return words


def _say(person: User, name: str, about: str) -> None:
    is_renamed = name != person.name
    person.name = name
    person.save(update_fields=["name"])
    if is_renamed:
        find_by_new_name(person)
    Profile.objects.update_or_create(person=person, defaults={"about": about})


@transaction.atomic
def _show(person: User, name: str) -> None:
    profile = _locked(person)
    if profile.avatar:
        transaction.on_commit(partial(public_storage().delete, profile.avatar.name))
    profile.avatar = name
    profile.save(update_fields=["avatar"])


def _locked(person: User) -> Profile:
    return Profile.objects.select_for_update().get_or_create(person=person)[0]


def _square(picture: Image.Image) -> Image.Image:
    side = min(*picture.size, AVATAR_SIDE)
    return ImageOps.fit(picture, (side, side), Image.Resampling.LANCZOS)
