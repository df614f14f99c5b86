"""Named sets of works."""

from __future__ import annotations

import uuid
from typing import Any, ClassVar, Self

from django.conf import settings
from django.db import models
from django.db.models import OuterRef, Q, Subquery
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from gallery.models.artworks import Artwork


class CollectionQuerySet(models.QuerySet["Collection"]):
    def visible_to(self, viewer: Any) -> Self:
        """Public ones, and the viewer's own."""
        own = Q(owner=viewer) if viewer.is_authenticated else Q()
        return self.filter(Q(is_public=True) | own)

    def with_covers(self, owner: Any, viewer: Any) -> list[Collection]:
        """These of `owner`'s, each with its `cover`: the work last put into it of those that the viewer finds there.
        Four queries for any number."""
        places = Collected.objects.found_by(viewer, owner).filter(collection=OuterRef("pk"))
        last = Subquery(places.order_by("-added_at", "-id").values("artwork")[:1], output_field=models.UUIDField())
        found = list(self)
        last_of = dict(Collection.objects.filter(pk__in=[each.pk for each in found]).values_list("pk", last))
        works = Artwork.objects.with_prints().in_bulk(set(last_of.values()) - {None})
        for each in found:
            each.cover = works.get(last_of.get(each.pk))
        return found


class Collection(models.Model):
    """Works that somebody has put together, their own or others'."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="collections", verbose_name=_("owner")
    )
    name = models.CharField(_("name"), max_length=80)
    is_public = models.BooleanField(_("public"), default=True)
    created_at = models.DateTimeField(_("created at"), default=timezone.now, editable=False)
    works = models.ManyToManyField(Artwork, through="Collected", related_name="collections")
    # Set by `with_covers`.
    cover: Artwork | None = None

    objects: ClassVar[models.Manager[Collection]] = CollectionQuerySet.as_manager()

    class Meta:
        verbose_name = _("collection")
        verbose_name_plural = _("collections")
        ordering = ["-created_at"]
        indexes = [models.Index(fields=["owner", "-created_at"])]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("gallery:collection", args=[self.pk])


class CollectedQuerySet(models.QuerySet["Collected"]):
    def found_by(self, viewer: Any, owner: Any) -> Self:
        """In a collection of `owner`'s: to them with what is unlisted, to others what they would find anyway."""
        works = Artwork.objects
        return self.filter(artwork__in=works.visible_to(viewer) if owner == viewer else works.on_show_to(viewer))


class Collected(models.Model):
    """A work's place in a collection."""

    collection = models.ForeignKey(Collection, on_delete=models.CASCADE, related_name="places")
    artwork = models.ForeignKey(Artwork, on_delete=models.CASCADE, related_name="places")
    added_at = models.DateTimeField(_("added at"), default=timezone.now)

    objects: ClassVar[models.Manager[Collected]] = CollectedQuerySet.as_manager()

    class Meta:
        verbose_name = _("collected work")
        verbose_name_plural = _("collected works")
        constraints = [models.UniqueConstraint(fields=["collection", "artwork"], name="a_work_once_in_a_collection")]
        indexes = [models.Index(fields=["collection", "-added_at", "-id"])]

    def __str__(self) -> str:
        return f"{self.collection} – {self.artwork}"
