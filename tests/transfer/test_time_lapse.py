"""The film of a painting: its frames while it is painted, and what becomes of them."""

from __future__ import annotations

import io
from types import SimpleNamespace
from typing import Any

import pytest
from django.core.files.storage import default_storage
from django.test import Client
from PIL import Image

from accounts.models import User
from tests.factories import claimed, files_in_storage, make_image, make_job, make_user
from tests.transfer.workers import work
from transfer import services
from transfer.jobs import finish
from transfer.models import Job, State
from transfer.queue import PAINTING, checkpoint_path
from transfer.time_lapse import FEWEST_FRAMES, MOST_FRAMES, Frames, animated, picture_in

FRAME_SECONDS = 0.01


class Clock:
    """Time as it is told."""

    now = 0.0

    def __call__(self) -> float:
        return self.now


def painted(frames: Frames, clock: Clock, seconds: float, until: float = 1.0, since: float = 0.0) -> None:
    """Let a painting that takes `seconds` in all tell of itself every quarter of a second, as a worker hears it."""

    def picture() -> Image.Image:
        clock.now += FRAME_SECONDS
        return make_image(48, 36, seed=int(clock.now * 10))

    began_at = clock.now - since * seconds
    while (fraction := (clock.now - began_at) / seconds) < until:
        progress: Any = SimpleNamespace(fraction=fraction, picture=picture)
        if frames.is_due(progress):
            frames.keep(progress)
        clock.now += 0.25


def frames_of(job: Job) -> list[str]:
    return sorted(path.name for path in checkpoint_path(job.pk).parent.glob(f"{job.pk}*"))


def film_of(frames: Frames) -> Image.Image:
    file = frames.film(make_image(64, 48))
    assert file
    return Image.open(io.BytesIO(file.read()))


def test_a_film_of_stills_is_an_animated_webp() -> None:
    stills = [encoded(make_image(51, 38, seed=seed)) for seed in range(5)]

    film = Image.open(io.BytesIO(animated([picture_in(still) for still in stills], (51, 38))))

    assert (film.format, film.size, film.n_frames, film.is_animated) == ("WEBP", (51, 38), 5, True)
    for number, still in enumerate(stills):
        film.seek(number)
        assert film.convert("RGB").tobytes() == Image.open(io.BytesIO(still)).convert("RGB").tobytes()


def encoded(image: Image.Image) -> bytes:
    buffer = io.BytesIO()
    image.save(buffer, "WEBP", quality=60, method=0)
    return buffer.getvalue()


def test_a_long_painting_has_sixty_frames_evenly_over_its_work(ada: User) -> None:
    job, clock = make_job(ada), Clock()
    frames = Frames(job, clock)

    painted(frames, clock, seconds=600)

    assert frames_of(job) == [f"{job.pk}.safetensors.frame-{number:02d}" for number in range(MOST_FRAMES)]
    film = film_of(frames)
    assert film.n_frames == MOST_FRAMES + 1
    assert film.size == (64, 48)


@pytest.mark.parametrize("seconds", [8, 40, 3600])
def test_frames_cost_less_than_a_hundredth_of_the_painters_time(ada: User, seconds: int) -> None:
    clock = Clock()
    frames = Frames(make_job(ada), clock)

    painted(frames, clock, seconds)

    assert 0 < frames.spent < 0.01 * clock.now


def test_a_painting_of_a_moment_has_no_film(ada: User) -> None:
    clock = Clock()
    frames = Frames(make_job(ada), clock)

    painted(frames, clock, seconds=2)

    assert frames.film(make_image()) is None


def test_who_resumes_goes_on_with_the_frames(ada: User) -> None:
    job, clock = make_job(ada), Clock()
    painted(Frames(job, clock), clock, seconds=600, until=0.5)
    first_half = frames_of(job)
    assert len(first_half) == MOST_FRAMES // 2

    # From the checkpoint, which is a little older.
    resumed = Frames(job, clock)
    painted(resumed, clock, seconds=600, since=0.4)

    assert frames_of(job)[: len(first_half)] == first_half
    assert film_of(resumed).n_frames == MOST_FRAMES + 1


def test_a_full_disk_costs_the_frame_and_not_the_painting(ada: User) -> None:
    job, clock = make_job(ada), Clock()
    frames = Frames(job, clock)
    frames.path = frames.path.parent / ("x" * 300)

    painted(frames, clock, seconds=60)

    assert frames_of(job) == []


def test_a_damaged_frame_is_left_out_of_the_film(ada: User) -> None:
    job, clock = make_job(ada), Clock()
    frames = Frames(job, clock)
    painted(frames, clock, seconds=600)
    path = checkpoint_path(job.pk)
    for number, content in {3: b"", 4: b"RIFF", 5: path.with_name(f"{path.name}.frame-05").read_bytes()[:200]}.items():
        path.with_name(f"{path.name}.frame-{number:02d}").write_bytes(content)

    assert film_of(frames).n_frames == MOST_FRAMES + 1 - 3


@pytest.mark.django_db(transaction=True)
def test_the_frames_of_a_cancelled_job_go_with_its_checkpoint() -> None:
    job, clock = make_job(make_user("ada")), Clock()
    claimed(job)
    painted(Frames(job, clock), clock, seconds=60)
    assert job.pk in PAINTING.left_behind()

    services.cancel_job(job=job)

    assert frames_of(job) == []


@pytest.mark.django_db(transaction=True)
def test_a_worker_films_what_it_paints(monkeypatch: pytest.MonkeyPatch) -> None:
    # A painting of a moment, told of at every step and with time for a frame of each.
    monkeypatch.setattr("transfer.jobs.REPORT_SECONDS", 0.0)
    monkeypatch.setattr("transfer.time_lapse.SHARE", 100.0)
    job = make_job(make_user("ada"))

    work()

    job.refresh_from_db()
    assert job.state == State.SUCCEEDED
    assert Image.open(job.time_lapse.open()).n_frames > FEWEST_FRAMES  # type: ignore[attr-defined]
    assert frames_of(job) == []


@pytest.mark.django_db(transaction=True)
def test_a_film_is_shown_to_its_owner_and_goes_with_the_job(client: Client) -> None:
    ada = make_user("ada")
    client.force_login(ada)
    job, clock = make_job(ada), Clock()
    before = files_in_storage()
    frames = Frames(job, clock)
    painted(frames, clock, seconds=60)
    painting = make_image(128, 96)
    finish(claimed(job), painting, frames.film(painting))
    job.refresh_from_db()

    page = client.get(job.get_absolute_url()).content.decode()
    response = client.get(f"{job.get_absolute_url()}time_lapse.webp")

    assert f'src="{job.time_lapse_url}"' in page
    assert response.headers["Content-Type"] == "image/webp"
    assert default_storage.exists(job.time_lapse.name)
    services.delete_job(job=job)
    assert files_in_storage() == before
