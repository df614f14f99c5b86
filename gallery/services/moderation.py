"""Keeping the gallery clean: what people report, what moderators do about it, and how artists object."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import Model, Sum
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from PIL import Image

from accounts import letters
from accounts.language import in_language_of
from accounts.models import User
from gallery.errors import AlreadyAnswered, AlreadyAppealed, OwnWork, TooManyReports
from gallery.fingerprints import are_alike, fingerprint
from gallery.models import GRAVE, Act, Appeal, Artwork, Kind, RemovedPicture, Report, Standing
from gallery.services import profiles

DAY = timedelta(days=1)
# What each act changes, of the work or of its artist.
OF_PEOPLE = (Kind.WARN, Kind.SUSPEND, Kind.REINSTATE)
CHANGES: dict[str, dict[str, Any]] = {
    Kind.APPROVE: {"standing": Standing.SHOWN},
    Kind.HIDE: {"standing": Standing.HIDDEN},
    Kind.REMOVE: {"standing": Standing.REMOVED},
    Kind.FEATURE: {"is_featured": True},
    Kind.UNFEATURE: {"is_featured": False},
    Kind.SUSPEND: {"suspended_at": timezone.now},
    Kind.REINSTATE: {"suspended_at": None},
}
# What somebody's report counts whose account is young, or who is suspended.
UNTRUSTED = 0.25


@transaction.atomic
def report(*, artwork: Artwork, reporter: User, reason: str, comment: str = "") -> None:
    """Ask moderators to look at a work, once; it is hidden until then where enough trusted people have. Raises
    `OwnWork` and `TooManyReports`."""
    if artwork.artist_id == reporter.pk:
        raise OwnWork
    recent = Report.objects.filter(reporter=reporter, created_at__gt=timezone.now() - DAY)
    if recent.count() >= settings.REPORTS_PER_DAY:
        raise TooManyReports
    artwork = Artwork.objects.select_for_update().get(pk=artwork.pk)
    told = {"reason": reason, "comment": comment, "weight": weight_of(reporter)}
    Report.objects.update_or_create(artwork=artwork, reporter=reporter, settled_at=None, defaults=told)
    if artwork.standing == Standing.SHOWN and _open_weight(artwork) >= settings.REPORTS_TO_HIDE:
        with in_language_of(artwork.artist):
            why = _("Several people have reported this picture; a moderator will look at it.")
        _do(Kind.HIDE, artwork, None, why)


def weight_of(reporter: User) -> float:
    """1 for people who have been here for a while, a quarter for others: a crowd of new accounts hides nothing."""
    is_known = timezone.now() - reporter.date_joined >= timedelta(days=settings.TRUSTED_AFTER_DAYS)
    return 1.0 if is_known and not reporter.is_suspended else UNTRUSTED


def moderate(*, kind: Kind, artworks: Iterable[Artwork], moderator: User, reason: str) -> None:
    """Do the same about several works, or about their artists. Their open reports are settled by it."""
    for artwork in artworks:
        with transaction.atomic():
            _do(kind, Artwork.objects.select_for_update().get(pk=artwork.pk), moderator, reason)
            artwork.reports.filter(settled_at=None).update(settled_at=timezone.now())


@transaction.atomic
def clear_profile(*, person: User, moderator: User, reason: str) -> None:
    """Take away the name, the words and the picture that somebody shows of themselves, and tell them why."""
    about = {"title": person.display_name, "artist": person}
    words = profiles.clear_profile(person=person)
    act = Act.objects.create(kind=Kind.CLEAR, moderator=moderator, reason=reason, before=words, **about)
    _tell(act, "gallery/mail/act")


@transaction.atomic
def undo(*, act: Act, moderator: User) -> None:
    """Put things back as they were before the act, but for a picture of somebody. What was undone stays undone."""
    act = Act.objects.select_for_update(of=("self",)).select_related("artist", "artwork").get(pk=act.pk)
    if act.undone_at is not None:
        return
    _put_back(act)
    act.undone_at, act.undone_by = timezone.now(), moderator
    act.save(update_fields=["undone_at", "undone_by"])
    _tell(act, "gallery/mail/undone")


@transaction.atomic
def appeal(*, act: Act, text: str) -> Appeal:
    """An artist's objection, once. Raises `AlreadyAppealed`."""
    act = Act.objects.select_for_update().get(pk=act.pk)
    if not act.can_be_appealed:
        raise AlreadyAppealed
    return Appeal.objects.create(act=act, text=text)


@transaction.atomic
def answer(*, appeal: Appeal, granted: bool, moderator: User) -> None:
    """Grant an appeal, which undoes the act, or turn it down. Raises `AlreadyAnswered`."""
    appeal = Appeal.objects.select_for_update().select_related("act").get(pk=appeal.pk)
    if appeal.answered_at is not None:
        raise AlreadyAnswered
    appeal.granted, appeal.answered_at, appeal.answered_by = granted, timezone.now(), moderator
    appeal.save(update_fields=["granted", "answered_at", "answered_by"])
    if granted:
        undo(act=appeal.act, moderator=moderator)
    else:
        _tell(appeal.act, "gallery/mail/turned_down")


def standing_of_new(artist: User, look: str) -> str:
    """Held until somebody has looked at it: what looks like a removed picture, and the first works of a new artist."""
    if any(are_alike(look, removed) for removed in RemovedPicture.objects.values_list("fingerprint", flat=True)):
        return Standing.HELD
    shown = Artwork.objects.filter(artist=artist, standing=Standing.SHOWN).count()
    return Standing.HELD if shown < settings.PREMODERATED_WORKS else Standing.SHOWN


def _do(kind: Kind, artwork: Artwork, moderator: User | None, reason: str) -> None:
    changes = CHANGES.get(kind, {})
    subject = artwork.artist if kind in OF_PEOPLE else artwork
    before = {field: getattr(subject, field) for field in changes}
    about = {"artwork": artwork, "title": artwork.title, "artist": artwork.artist}
    act = Act.objects.create(kind=kind, moderator=moderator, reason=reason, before=before, **about)
    _change(subject, {field: value() if callable(value) else value for field, value in changes.items()})
    if kind == Kind.REMOVE:
        RemovedPicture.objects.get_or_create(fingerprint=look_of(artwork))
    if kind in GRAVE or before.get("standing", Standing.SHOWN) != Standing.SHOWN:
        _tell(act, "gallery/mail/act")


def _put_back(act: Act) -> None:
    if act.is_of_profile:
        profiles.edit_profile(person=act.artist, **act.before)
        return
    _forget_look(act)
    subject = act.artist if act.kind in OF_PEOPLE else act.artwork
    if subject:
        _change(subject, act.before)


def _change(subject: Model, changes: dict[str, Any]) -> None:
    if changes:
        type(subject)._default_manager.filter(pk=subject.pk).update(**changes)


def look_of(artwork: Artwork) -> str:
    """From its row; of a work from before that was kept, from its file, once."""
    if not artwork.fingerprint:
        with artwork.painting.at_least(320).file.open("rb") as file:
            _change(artwork, {"fingerprint": fingerprint(Image.open(file))})
        artwork.refresh_from_db(fields=["fingerprint"])
    return artwork.fingerprint


def _forget_look(act: Act) -> None:
    """But for the look that another removed work has, too."""
    if act.kind != Kind.REMOVE or not act.artwork:
        return
    look = look_of(act.artwork)
    others = Artwork.objects.filter(fingerprint=look, standing=Standing.REMOVED).exclude(pk=act.artwork.pk)
    if not others.exists():
        RemovedPicture.objects.filter(fingerprint=look).delete()


def _open_weight(artwork: Artwork) -> float:
    return artwork.reports.filter(settled_at=None).aggregate(total=Sum("weight"))["total"] or 0.0


def _tell(act: Act, template: str) -> None:
    """By e-mail in the artist's language, once the act stands; on the site it is among their notices."""
    context = {"act": act, "address": settings.SITE_URL + reverse("gallery:notices")}
    with in_language_of(act.artist):
        text = render_to_string(f"{template}.txt", context)
        letters.send_on_commit(to=act.artist, subject=_subject(act), text=text)


def _subject(act: Act) -> str:
    if act.is_of_profile:
        return _("About your profile")
    return _("About your picture “%(title)s”") % {"title": act.title}
