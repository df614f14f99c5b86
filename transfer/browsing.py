"""What people find among their own pictures: the page's filters, and how many pictures each has."""

from __future__ import annotations

from dataclasses import dataclass
from math import floor
from typing import Any, Self
from uuid import UUID

from django.db.models import Avg, Count, Min, Q, QuerySet, TextChoices
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from transfer.models import Job, State, Style
from transfer.models.jobs import RETRYABLE, UNFINISHED
from transfer.publications import published


class Shown(TextChoices):
    """Which of one's pictures are looked at."""

    ALL = "all", _("All pictures")
    PAINTING = "painting", _("Being painted")
    FINISHED = "finished", _("Finished")
    STOPPED = "stopped", _("Failed or stopped")
    PUBLISHED = "published", _("In the gallery")
    UNPUBLISHED = "unpublished", _("Not published")


@dataclass(frozen=True)
class Wanted:
    """What the page was asked for."""

    shown: Shown = Shown.ALL
    style: UUID | None = None
    batch: UUID | None = None

    @classmethod
    def asked(cls, query: Any) -> Self:
        """As the address says it; what it says wrongly counts as not said."""
        shown = query.get("show", "")
        ids = {name: uuid_or_none(query.get(name, "")) for name in ("style", "batch")}
        return cls(Shown(shown) if shown in Shown.values else Shown.ALL, **ids)

    @property
    def is_everything(self) -> bool:
        return self == Wanted()


@dataclass(frozen=True)
class Batch:
    """Jobs that were submitted together, and how far they are."""

    id: UUID
    style: str
    total: int
    finished: int
    stopped: int
    """Failed ones, too."""
    percent: int

    @property
    def is_unfinished(self) -> bool:
        return self.finished + self.stopped < self.total

    def changing(self) -> dict[str, int]:
        """What of it changes under a viewer's eyes."""
        return {"percent": self.percent}


def condition_of(shown: Shown) -> Q:
    """On jobs: whether they are among those shown."""
    return {
        Shown.ALL: Q(),
        Shown.PAINTING: Q(state__in=UNFINISHED),
        Shown.FINISHED: Q(state=State.SUCCEEDED),
        Shown.STOPPED: Q(state__in=RETRYABLE),
        Shown.PUBLISHED: published(),
        Shown.UNPUBLISHED: Q(state=State.SUCCEEDED) & ~published(),
    }[shown]


def own_jobs(owner: User, wanted: Wanted) -> QuerySet[Job]:
    """The owner's jobs that are wanted, the newest first, with what a card shows."""
    jobs = _of(owner, wanted).filter(condition_of(wanted.shown))
    return jobs.annotate(is_published=published()).select_related("style", "photo")


def counts(owner: User, wanted: Wanted) -> list[tuple[Shown, int]]:
    """How many of the owner's jobs each filter would show, by one reading of them."""
    found = _of(owner, wanted).aggregate(
        **{shown.value: Count("pk", filter=condition_of(shown)) for shown in Shown if shown != Shown.ALL},
        all=Count("pk"),
    )
    return [(shown, found[shown.value]) for shown in Shown]


def batches(owner: User, wanted: Wanted) -> list[Batch]:
    """The batch that is wanted; without one, all of the owner's that are being painted. The newest first."""
    own = Job.objects.filter(owner=owner, batch__isnull=False)
    painted = own.filter(state__in=UNFINISHED).order_by().values("batch")
    named = own.filter(batch=wanted.batch) if wanted.batch else own.filter(batch__in=painted)
    rows = (
        named.order_by()
        .values("batch", "style__name", "style__owner")
        .annotate(
            begun=Min("created_at"),
            total=Count("pk"),
            finished=Count("pk", filter=Q(state=State.SUCCEEDED)),
            stopped=Count("pk", filter=Q(state__in=RETRYABLE)),
            done=Avg("fraction"),
        )
    )
    return [_batch(row) for row in rows.order_by("-begun")]


def styles_used(owner: User) -> QuerySet[Style]:
    """What the owner has painted in, starter styles first."""
    return Style.objects.filter(pk__in=Job.objects.filter(owner=owner).order_by().values("style"))


def family_of(job: Job) -> list[Job]:
    """The job's original and all variations of it, the job among them, the oldest first."""
    original = job.variation_of_id or job.pk
    family = Job.objects.filter(Q(pk=original) | Q(variation_of=original), owner=job.owner_id)
    return list(family.select_related("style", "photo").order_by("created_at"))


def uuid_or_none(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


def _of(owner: User, wanted: Wanted) -> QuerySet[Job]:
    own = Job.objects.filter(owner=owner)
    own = own.filter(style=wanted.style) if wanted.style else own
    return own.filter(batch=wanted.batch) if wanted.batch else own


def _batch(row: Any) -> Batch:
    name = gettext(row["style__name"]) if row["style__owner"] is None else row["style__name"]
    return Batch(row["batch"], name, row["total"], row["finished"], row["stopped"], floor(100 * row["done"]))
