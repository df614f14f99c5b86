"""Small makers of the things tests are about."""

from __future__ import annotations

import functools
import io
import uuid
import zipfile
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np
from django.conf import settings
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

import ml
from accounts.models import User
from gallery.models import Artwork
from gallery.services import Caption, publish
from transfer import leases, services
from transfer.jobs import finish
from transfer.leases import Lease
from transfer.models import Generator, GeneratorState, Job, Photo, State, Style, TrainingSet
from transfer.queue import PAINTING
from transfer.trained import read_trained

PASSWORD = "lilac-and-ochre-42"


def make_image(width: int = 96, height: int = 72, seed: int = 0) -> Image.Image:
    """Smooth colours with some texture: a picture that the network sees something in."""
    rng = np.random.default_rng(seed)
    coarse = Image.fromarray(rng.integers(0, 256, (6, 8, 3), dtype=np.uint8)).resize((width, height))
    fine = rng.integers(-20, 20, (height, width, 3))
    return Image.fromarray((np.asarray(coarse).astype(int) + fine).clip(0, 255).astype(np.uint8))


def encode(image: Image.Image, format: str = "JPEG", **options: Any) -> bytes:
    buffer = io.BytesIO()
    image.save(buffer, format, **options)
    return buffer.getvalue()


def make_file(content: bytes | None = None, name: str = "photo.jpg") -> io.BytesIO:
    file = io.BytesIO(encode(make_image()) if content is None else content)
    file.name = name
    return file


def make_user(name: str = "ada", **fields: Any) -> User:
    """Somebody who has read the site in English before."""
    return User.objects.create_user(name, f"{name}@example.org", PASSWORD, **{"language": "en"} | fields)


def make_photo(owner: User, **shape: Any) -> Photo:
    return services.add_photo(owner=owner, image=make_image(**shape))


def make_style(owner: User | None = None, name: str = "Waves") -> Style:
    """A user's own style, or a starter style where there is no owner."""
    if owner:
        return services.add_style(owner=owner, name=name, image=make_image(seed=7))
    style = services.add_style(owner=make_user(f"drawer{uuid.uuid4().hex[:6]}"), name=name, image=make_image(seed=7))
    style.owner, style.slug = None, f"starter-{uuid.uuid4().hex[:6]}"
    style.save()
    return style


def make_order(**changes: Any) -> services.Order:
    settings = {"preset": "draft", "size": 64, "style_strength": 1.0, "brush_size": 1.0}
    settings |= {"colours": "style", "init": "photo", "generator": None, "gan_strength": 0.5, "seed": 7}
    return services.Order(**(settings | changes))


def make_job(owner: User, **changes: Any) -> Job:
    """A queued job, submitted as its owner would."""
    return services.submit_job(
        owner=owner,
        photo=make_photo(owner),
        style=make_style(owner),
        order=make_order(**changes),
        submission=uuid.uuid4(),
    )


def claimed(job: Job, worker: str = "worker") -> Lease:
    """A worker's lease of a waiting job."""
    lease = leases.claim(PAINTING, job.pk, worker)
    assert lease
    return lease


def make_finished_job(owner: User, seed: int = 3) -> Job:
    """A succeeded job with its files, without the time it takes to paint one."""
    job = make_job(owner)
    finish(claimed(job), make_image(128, 96, seed=seed))
    job.refresh_from_db()
    assert job.state == State.SUCCEEDED
    return job


def make_artwork(
    owner: User, title: str = "Harbour at dusk", style: Style | None = None, seed: int = 3, **caption: Any
) -> Artwork:
    """A published work. Those of one `seed` look the same."""
    job = make_finished_job(owner, seed)
    if style:
        job.style = style
        job.save()
    return publish(job=job, caption=Caption(title=title, **caption))


def make_archive(count: int = 6, extra: dict[str, bytes] | None = None) -> bytes:
    """A zip of pictures, and whatever else is wanted in it."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for number in range(count):
            archive.writestr(f"pictures/{number}.jpg", encode(make_image(64, 48, seed=number)))
        for name, content in (extra or {}).items():
            archive.writestr(name, content)
    return buffer.getvalue()


def make_training_set(name: str = "Waves", **archive: Any) -> TrainingSet:
    return services.add_training_set(
        uploaded_by=make_user(f"trainer{uuid.uuid4().hex[:6]}", is_staff=True),
        name=name,
        description="Pictures of waves",
        licence="CC0",
        archive=SimpleUploadedFile("waves.zip", make_archive(**archive)),
    )


def make_gan_settings(**changes: Any) -> ml.GanSettings:
    """The smallest training that there is."""
    tiny = {"size": 32, "width": 8, "steps": 4, "batch": 4, "evaluate_every": 2, "judged": 4, "shortest": 32}
    return ml.GanSettings(**(tiny | changes))


def make_training(name: str = "Waves", **changes: Any) -> Generator:
    """A queued training, started as staff would."""
    return services.start_training(
        training_set=make_training_set(name), name=name, settings=make_gan_settings(**changes)
    )


@functools.cache
def trained_file(kind: str = "field") -> Path:
    """The file of a generator that hardly knows anything, trained once for all tests."""
    folder = Path(settings.VAR_DIR) / "trained" / kind
    smallest = make_gan_settings(kind=kind, steps=1, evaluate_every=1)
    images = ml.TrainingImages.of([make_image(64, 48, seed=seed) for seed in range(4)], smallest)
    ml.train_gan(images, smallest, folder / "generator.safetensors", run=folder)
    return folder / "generator.safetensors"


def make_generator(
    name: str = "Brushes", state: GeneratorState = GeneratorState.PUBLISHED, kind: str = "field"
) -> Generator:
    """A trained generator with its files."""
    trained = read_trained(trained_file(kind))
    names = {field: default_storage.save(f"generators/{file.name}", file) for field, file in trained.files.items()}
    return Generator.objects.create(
        name=name,
        trained_on="Pictures of waves",
        licence="CC0",
        settings=asdict(trained.settings),
        metrics=trained.metrics,
        digest=trained.digest,
        state=state,
        fraction=1.0,
        step=1,
        total_steps=1,
        **names,
    )


def files_in_storage() -> set[Path]:
    """Every private file there is."""
    return {path for path in Path(default_storage.location).rglob("*") if path.is_file()}
