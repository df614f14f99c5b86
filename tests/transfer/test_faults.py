"""Jobs under fire: whatever dies, each comes to its one result, the very same picture as undisturbed."""

from __future__ import annotations

import hashlib
import random
import tempfile
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.db.models import FileField
from PIL import Image

from accounts.models import User
from tests.factories import files_in_storage, make_image, make_order, make_user
from tests.faults import Fleet, Valkey, fill_the_disk_for_checkpoints, keep_database_away
from tests.live import wait_until
from transfer import services
from transfer.errors import WrongState
from transfer.models import Job, Photo, State, Style
from transfer.models.jobs import UNFINISHED
from transfer.queue import PAINTING

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.timeout(1800)]

WORKER_SETTINGS = {"LEASE_SECONDS": "3", "SWEEP_SECONDS": "1", "CHECKPOINT_SECONDS": "0", "MAX_ATTEMPTS": "1000"}


@dataclass(frozen=True)
class Siege:
    """How hard, and for how long."""

    workers: int
    users: int
    jobs: int
    subjects: int
    """Different pictures; each job is to paint one of them."""
    size: int
    cancelled: int
    outage_seconds: float
    seconds_between_faults: tuple[float, float]
    relentless: bool
    """Whether it goes on when every kind of fault has come once."""


SHORT = Siege(
    workers=2,
    users=2,
    jobs=12,
    subjects=2,
    size=96,
    cancelled=1,
    outage_seconds=1.5,
    seconds_between_faults=(0.5, 1.5),
    relentless=False,
)
LONG = Siege(
    workers=4,
    users=10,
    jobs=100,
    subjects=4,
    size=128,
    cancelled=8,
    outage_seconds=10,
    seconds_between_faults=(5, 15),
    relentless=True,
)
SIEGES = [pytest.param(SHORT, id="short"), pytest.param(LONG, id="long", marks=pytest.mark.fault)]


@pytest.mark.parametrize("siege", SIEGES)
def test_every_job_comes_to_its_one_result_whatever_dies(siege: Siege, valkey: Valkey, settings: Any) -> None:
    settings.UNFINISHED_JOBS_PER_USER = settings.RUNNING_JOBS_PER_USER = siege.jobs
    owner = make_user("owner")
    with fleet_of(1, valkey) as fleet:
        undisturbed = [submit(owner, siege, number) for number in range(siege.subjects)]
        settle(fleet)
    wanted = [digest(job) for job in undisturbed]
    assert len(set(wanted)) == siege.subjects

    users = [make_user(f"user{number}") for number in range(siege.users)]
    subject_of: dict[uuid.UUID, int] = {}
    for number in range(siege.jobs):
        job = submit(users[number % siege.users], siege, number % siege.subjects)
        subject_of[job.pk] = number % siege.subjects
    with fleet_of(siege.workers, valkey) as fleet:
        attack = Attack(siege, fleet, valkey, list(subject_of))
        settle(fleet, attack.strike)

    assert set(attack.struck) == set(attack.kinds)
    ended = Job.objects.filter(pk__in=subject_of)
    assert set(ended.values_list("state", flat=True)) <= {State.SUCCEEDED, State.CANCELLED}
    assert ended.filter(state=State.CANCELLED).count() <= siege.cancelled
    for job in ended.filter(state=State.SUCCEEDED):
        assert digest(job) == wanted[subject_of[job.pk]]
    call_command("sweep", hours=0, verbosity=0)
    assert files_in_storage() == named_files()
    assert PAINTING.left_behind() == []


@dataclass
class Attack:
    """One fault at each `strike`, if its time has come and something runs: each kind once, and then perhaps any."""

    siege: Siege
    fleet: Fleet
    valkey: Valkey
    jobs: list[uuid.UUID]
    chance: random.Random = field(default_factory=lambda: random.Random(1))
    due: float = 0.0
    struck: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.kinds: dict[str, Callable[[], object]] = {
            "a worker is killed": lambda: self.fleet.kill_one(self.chance),
            "the database is away": lambda: keep_database_away(self.siege.outage_seconds, meanwhile=self.fleet.tend),
            "Valkey restarts": self.valkey.restart,
            "the disk is full": lambda: fill_the_disk_for_checkpoints(self.fleet),
            "Valkey forgets": self.valkey.forget_everything,
        }
        self.to_come = [*self.kinds, "a worker is killed"]
        self.to_cancel = self.chance.sample(self.jobs, self.siege.cancelled)

    def strike(self) -> None:
        if time.monotonic() < self.due or not Job.objects.filter(state=State.RUNNING).exists():
            return
        if self.to_cancel:
            cancel(self.to_cancel.pop())
        if self.to_come or self.siege.relentless:
            kind = self.to_come.pop(0) if self.to_come else self.chance.choice(list(self.kinds))
            self.kinds[kind]()
            self.struck.append(kind)
        self.due = time.monotonic() + self.chance.uniform(*self.siege.seconds_between_faults)


def cancel(job_id: uuid.UUID) -> None:
    try:
        services.cancel_job(job=Job.objects.get(pk=job_id))
    except WrongState:
        return  # It had ended.


def settle(fleet: Fleet, strike: Callable[[], None] = lambda: None) -> None:
    """Wait until nothing waits or runs, with the workers started again, and faults in between."""

    def is_over() -> bool:
        strike()
        fleet.tend()
        return not Job.objects.filter(state__in=UNFINISHED).exists()

    wait_until(is_over, 1500)


@contextmanager
def fleet_of(size: int, valkey: Valkey) -> Iterator[Fleet]:
    fleet = Fleet(size, WORKER_SETTINGS | {"REDIS_URL": valkey.url})
    try:
        yield fleet
    finally:
        fleet.stop()


@pytest.fixture
def valkey(monkeypatch: pytest.MonkeyPatch) -> Iterator[Valkey]:
    """A server of the test's own, which this process delivers to as well."""
    with tempfile.TemporaryDirectory(prefix="valkey-") as folder:
        server = Valkey(Path(folder))
        queues = {name: {"URL": server.url} for name in ("interactive", "standard", "training")}
        monkeypatch.setattr("django_rq.settings.QUEUES", queues)
        yield server
        server.server.stop()


def submit(owner: User, siege: Siege, subject: int) -> Job:
    """A job for the same picture whoever orders it."""
    return services.submit_job(
        owner=owner,
        photo=services.add_photo(owner=owner, image=make_image(seed=subject)),
        style=services.add_style(owner=owner, name="Waves", image=make_image(seed=7)),
        order=make_order(size=siege.size, seed=subject),
        submission=uuid.uuid4(),
    )


def digest(job: Job) -> str:
    job.refresh_from_db()
    with job.result_png.open() as file:
        return hashlib.sha256(Image.open(file).tobytes()).hexdigest()


def named_files() -> set[Path]:
    """The files that rows name."""
    return {
        Path(getattr(row, field.name).path)
        for model in (Job, Photo, Style)
        for row in model.objects.all()
        for field in model._meta.get_fields()
        if isinstance(field, FileField) and getattr(row, field.name)
    }
