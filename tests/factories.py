"""Small makers of the things tests are about."""

from __future__ import annotations

import io
import uuid
from pathlib import Path
from typing import Any

import numpy as np
from django.core.files.storage import default_storage
from PIL import Image

from accounts.models import User
from transfer import leases, services
from transfer.jobs import finish
from transfer.models import Job, Photo, State, Style
from transfer.queue import PAINTING

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
    return User.objects.create_user(name, f"{name}@example.org", PASSWORD, **fields)


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


def make_finished_job(owner: User) -> Job:
    """A succeeded job with its files, without the time it takes to paint one."""
    job = make_job(owner)
    lease = leases.claim(PAINTING, job.pk, "tests")
    assert lease
    finish(lease, make_image(128, 96, seed=3))
    job.refresh_from_db()
    assert job.state == State.SUCCEEDED
    return job


def files_in_storage() -> set[Path]:
    """Every private file there is."""
    return {path for path in Path(default_storage.location).rglob("*") if path.is_file()}
