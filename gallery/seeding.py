"""Synthetic works in any number, to see how the gallery bears them: the same ones for the same seed.

They share a few drawn prints and have no job's files; their counts of likes are drawn, without the likes.
"""

from __future__ import annotations

import random
import uuid
from collections.abc import Callable, Iterator
from datetime import timedelta
from itertools import accumulate, islice
from typing import Any

from django.db import transaction
from PIL import Image, ImageOps

from accounts.models import User
from gallery.house import NAME as HOUSE
from gallery.models import Artwork, Print, Tag, Visibility
from gallery.prints import render, store
from gallery.services.finding import found_by
from gallery.trend import EPOCH, age_at, trend_of
from transfer import services
from transfer.models import Job, Photo, Preset, State, Style

DOMAIN = "seeded.invalid"
BATCH = 5000
WORKS_PER_ARTIST = 1000
PRINTS = 24
DAYS = 730
MOODS = [
    "quiet", "loud", "first", "last", "early", "late", "red", "blue", "green", "grey", "golden", "old", "new", "wide",
    "narrow", "bright", "dark", "wet", "dry", "far",
]  # fmt: skip
THINGS = [
    "harbour", "bridge", "parrot", "window", "door", "ferry", "mill", "tower", "garden", "street", "roof", "station",
    "market", "coast", "river", "hill", "forest", "snow", "storm", "evening", "morning", "night", "summer", "winter",
    "portrait", "hand", "lamp", "chair", "kitchen", "stair", "boat", "gull", "horse", "cat", "dog", "bicycle", "港口",
    "黄昏", "灯塔", "海边", "老街", "雪山", "雨夜", "花园",
]  # fmt: skip
SYLLABLES = ["ba", "den", "kor", "lin", "mar", "no", "ost", "pel", "ri", "sund", "tal", "ver", "wa", "yss", "zo", "hel"]
UNLISTED_SHARE = 0.03


def real_people_exist() -> bool:
    return User.objects.exclude(email__endswith=f"@{DOMAIN}").exclude(username=HOUSE).exists()


def is_seeded(seed: int) -> bool:
    return User.objects.filter(username=_artist_name(seed, 0)).exists()


def seed_gallery(works: int, seed: int, progress: Callable[[int], None] = lambda done: None) -> None:
    """Make so many works; `progress` is told how many there are."""
    drawn = random.Random(seed)  # noqa: S311
    photos = _artists_photos(seed, max(20, works // WORKS_PER_ARTIST))
    scene = _Scene(drawn, photos, _prints(), _styles(), _tags())
    drawn_works, done = scene.works(works), 0
    while batch := list(islice(drawn_works, BATCH)):
        _store(batch)
        done += len(batch)
        progress(done)


class _Scene:
    """What works are drawn from."""

    def __init__(
        self, drawn: random.Random, photos: list[Photo], prints: list[Print], styles: list[Style], tags: list[Tag]
    ) -> None:
        self.drawn, self.photos, self.prints, self.styles, self.tags = drawn, photos, prints, styles, tags
        # Few tags are common and many are rare, as words are.
        self.weights = list(accumulate(1 / (place + 1) for place in range(len(tags))))

    def works(self, count: int) -> Iterator[tuple[Job, Artwork, list[Tag]]]:
        for number in range(count):
            job = self._job()
            tags = list({tag.pk: tag for tag in self.drawn.choices(self.tags, cum_weights=self.weights, k=2)}.values())
            yield job, self._artwork(job, number / count, tags), tags

    def _job(self) -> Job:
        photo = self.drawn.choice(self.photos)
        return Job(
            id=self._uuid(),
            submission=self._uuid(),
            owner=photo.owner,
            photo=photo,
            style=self.drawn.choice(self.styles),
            preset=Preset.STANDARD,
            seed=self.drawn.randrange(2**31),
            state=State.SUCCEEDED,
            result_png="seeded.png",
            width=512,
            height=384,
        )

    def _artwork(self, job: Job, share: float, tags: list[Tag]) -> Artwork:
        published_at = EPOCH - timedelta(days=DAYS) * (1 - share)
        title, likes = self._title(), int(self.drawn.paretovariate(1.2)) - 1
        ages = [
            age_at(published_at),
            *(age_at(published_at) + self.drawn.expovariate(1) for _ in range(min(likes, 50))),
        ]
        artwork = Artwork(
            id=self._uuid(),
            job=job,
            artist=job.owner,
            style=job.style,
            title=title,
            visibility=Visibility.UNLISTED if self.drawn.random() < UNLISTED_SHARE else Visibility.PUBLIC,
            painting=self.drawn.choice(self.prints),
            published_at=published_at,
            like_count=likes,
            trend=trend_of(ages),
        )
        artwork.words = found_by(artwork, [tag.name for tag in tags])
        return artwork

    def _title(self) -> str:
        place = "".join(self.drawn.choices(SYLLABLES, k=3))
        return f"{self.drawn.choice(MOODS)} {self.drawn.choice(THINGS)}, {place}".capitalize()

    def _uuid(self) -> uuid.UUID:
        return uuid.UUID(int=self.drawn.getrandbits(128), version=4)


@transaction.atomic
def _store(batch: list[tuple[Job, Artwork, list[Tag]]]) -> None:
    Job.objects.bulk_create(job for job, *_ in batch)
    Artwork.objects.bulk_create(artwork for _, artwork, _ in batch)
    tagging: Any = Artwork.tags.through
    tagging.objects.bulk_create(
        tagging(artwork_id=artwork.pk, tag_id=tag.pk) for _, artwork, tags in batch for tag in tags
    )


def _artists_photos(seed: int, count: int) -> list[Photo]:
    """As many artists, each with one small photo."""
    people = [
        User(username=name, email=f"{name}@{DOMAIN}", password="!")  # noqa: S106
        for name in (_artist_name(seed, number) for number in range(count))
    ]
    User.objects.bulk_create(people)
    return [services.add_photo(owner=person, image=Image.new("RGB", (64, 48), "#345")) for person in people]


def _artist_name(seed: int, number: int) -> str:
    return f"seeded{seed}-{number}"


def _prints() -> list[Print]:
    return [store(render(_drawing(number))) for number in range(PRINTS)]


def _drawing(number: int) -> Image.Image:
    """A gradient in two colours, in a shape of its own."""
    grey = Image.radial_gradient("L") if number % 2 else Image.linear_gradient("L").rotate(15 * number)
    first, second = (f"hsl({(number * 37 + turn) % 360}, 55%, {light}%)" for turn, light in ((0, 30), (60, 75)))
    return ImageOps.colorize(grey, first, second).resize((640, 360 + 40 * (number % 12)))


def _styles() -> list[Style]:
    if not Style.objects.starters().exists():
        services.load_starter_styles()
    return list(Style.objects.starters())


def _tags() -> list[Tag]:
    names = [*THINGS, *(f"{mood} {thing}" for mood in MOODS for thing in THINGS)]
    Tag.objects.bulk_create((Tag(name=name) for name in names), ignore_conflicts=True)
    found = {tag.name: tag for tag in Tag.objects.filter(name__in=names)}
    return [found[name] for name in names]
