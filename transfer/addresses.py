"""Addresses at which the studio is filled in as an earlier painter had it, and what such an address says."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.http import QueryDict
from django.utils.http import urlencode

from accounts.models import User
from transfer.browsing import uuid_or_none
from transfer.forms import StudioForm
from transfer.models import Generator, Init, Job, Photo, Style
from transfer.models.paints import MOST_STYLES
from transfer.sample_photos import sample_photo
from transfer.sliders import position_of_brush, position_of_strength

# What an address may fill in beside pictures.
SETTINGS = ("preset", "size", "strength", "brush", "colours", "init", "generator", "gan_strength", "seed")


def studio_queries(job: Job, viewer: Any) -> tuple[str, str]:
    """The job's styles with their weights, as far as the viewer may use them, empty where they may use none; and these
    with the job's settings. The studio passes over what it does not offer."""
    styles = _styles(job, viewer)
    return urlencode(styles, doseq=True), urlencode(styles | _settings(job), doseq=True)


def studio_query(job: Job, viewer: Any) -> str:
    return studio_queries(job, viewer)[1]


def another_photo_query(job: Job) -> str:
    """The job's styles and settings for its owner, with no photo chosen."""
    return "photo=&" + studio_query(job, job.owner)


def _styles(job: Job, viewer: Any) -> dict[str, Any]:
    weights: dict[Any, int | None] = {paint.style_id: paint.weight for paint in job.paints.all()}
    weights = weights or {job.style_id: None}
    owner = viewer if viewer.is_authenticated else None
    offered = set(Style.objects.offered_to(owner).filter(pk__in=weights).values_list("pk", flat=True))
    usable = [pk for pk in weights if pk in offered]
    if not usable:
        return {}
    return {"style": usable} | {f"weight-{pk}": weights[pk] for pk in usable if weights[pk] is not None}


def _settings(job: Job) -> dict[str, Any]:
    settings = {name: getattr(job, name) for name in ("preset", "size", "colours", "init", "seed")}
    settings |= {"strength": position_of_strength(job.style_strength), "brush": position_of_brush(job.brush_size)}
    settings["gan_strength"] = f"{job.gan_strength:.1f}"
    return settings | ({"generator": job.generator_id} if job.generator_id else {})


def choices_in(query: QueryDict, user: User) -> dict[str, Any]:
    """What the studio's form starts with: `?photo=…&style=…&preset=…&seed=…`, as far as the form offers it."""
    generator = Generator.objects.published().first()
    return {
        "photo": _asked_photo(query, user),
        "style": _asked_styles(query, user),
        "generator": generator and generator.pk,
        **_asked_settings(query, user),
    }


def choices_of(job: Job) -> dict[str, Any]:
    """An earlier job's choices, its owner's. Where its generator is offered no longer, it starts from the photo."""
    offered = set(Style.objects.offered_to(job.owner).values_list("pk", flat=True))
    styles = [paint.style_id for paint in job.paints.all()] or [job.style_id]
    choices = _settings(job) | {"photo": job.photo_id, "style": [pk for pk in styles if pk in offered]}
    if any(paint.mask for paint in job.paints.all()):
        choices["regions_of"] = job.pk
    if job.generator is None or not job.generator.is_published:
        generator = Generator.objects.published().first()
        choices["generator"] = generator and generator.pk
    if job.generator and not job.generator.is_published:
        choices["init"] = Init.PHOTO
    return choices


def weights_in(query: Mapping[str, Any]) -> dict[str, str]:
    """The weights of styles that an address, or a form, names."""
    return {name.removeprefix("weight-"): str(query[name]) for name in query if name.startswith("weight-")}


def weights_of(job: Job) -> dict[str, str]:
    return {str(paint.style_id): str(paint.weight) for paint in job.paints.all()}


def _asked_settings(query: QueryDict, user: User) -> dict[str, str]:
    form = StudioForm(query, user=user)
    form.is_valid()
    return {name: str(query[name]) for name in SETTINGS if name in query and name not in form.errors}


def _asked_photo(query: QueryDict, user: User) -> Any:
    """The one that is asked for, or none where none is; else their last."""
    own = Photo.objects.filter(owner=user)
    asked = query.get("photo")
    if asked == "" or sample_photo(asked):
        return asked or None
    photo = _found(own, asked or "") or own.first()
    return photo and photo.pk


def _asked_styles(query: QueryDict, user: User) -> list[Any]:
    """Those that are asked for, else the first of the house."""
    asked = query.getlist("style")[:MOST_STYLES]
    found = [style for pk in asked if (style := _found(Style.objects.offered_to(user), pk))]
    found = found or list(Style.objects.starters()[:1])
    return [style.pk for style in found]


def _found(rows: Any, text: str) -> Any:
    pk = uuid_or_none(text)
    return rows.filter(pk=pk).first() if pk else None
