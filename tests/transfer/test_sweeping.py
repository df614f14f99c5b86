"""What the workers clear away by themselves: files that no row names, and uploads that nobody painted."""

from __future__ import annotations

import os
import time
from datetime import timedelta
from pathlib import Path

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage, storages
from django.utils import timezone

from accounts.models import User
from gallery.services import Caption, publish
from tests.factories import files_in_storage, make_finished_job, make_job, make_photo
from transfer import leases, services
from transfer.models import Photo
from transfer.queue import PAINTING, checkpoint_path
from transfer.storage import delete_unnamed_files

HOUR = timedelta(hours=1)


def age(path: Path, by: timedelta) -> None:
    moment = time.time() - by.total_seconds()
    os.utime(path, (moment, moment))


def age_everything() -> None:
    for storage in (default_storage, storages["public"]):
        for path in Path(storage.location).rglob("*"):
            age(path, timedelta(hours=2))


@pytest.fixture(autouse=True)
def _no_files_of_other_tests(db: None) -> None:
    delete_unnamed_files(timedelta(0))


def test_old_files_that_no_row_names_are_deleted_and_no_others(ada: User) -> None:
    job = make_finished_job(ada)
    artwork = publish(job=job, caption=Caption("Waves"))
    named = files_in_storage()
    orphan = default_storage.save("results/orphan.png", ContentFile(b"painted, and then killed"))
    public_orphan = storages["public"].save("orphan.webp", ContentFile(b"copied, and then killed"))
    age_everything()
    young = default_storage.save("previews/young.webp", ContentFile(b"its row is about to be written"))

    assert delete_unnamed_files(HOUR) == 2

    assert files_in_storage() == named | {Path(default_storage.path(young))}
    assert not default_storage.exists(orphan)
    assert not storages["public"].exists(public_orphan)
    assert storages["public"].exists(artwork.painting.widest.file.name)


def test_photos_that_nobody_painted_are_forgotten_after_a_while(ada: User) -> None:
    painted, old, new = make_job(ada).photo, make_photo(ada), make_photo(ada)
    for photo in (painted, old):
        Photo.objects.filter(pk=photo.pk).update(created_at=timezone.now() - timedelta(days=31))

    assert services.forget_unused_photos() == 1

    assert set(Photo.objects.all()) == {painted, new}


@pytest.mark.django_db(transaction=True)
def test_the_file_of_a_forgotten_photo_goes_with_it(transactional_db: None) -> None:
    photo = make_photo(User.objects.create(username="ada"))
    Photo.objects.update(created_at=timezone.now() - timedelta(days=31))

    services.forget_unused_photos()

    assert not default_storage.exists(photo.image.name)


def test_a_checkpoint_that_a_worker_was_killed_in_the_middle_of_is_cleared_away(ada: User) -> None:
    job = make_job(ada)
    part = checkpoint_path(job.pk).with_name(f"{job.pk}.safetensors.4711.part")
    part.parent.mkdir(parents=True, exist_ok=True)
    part.write_bytes(b"half")
    assert job.pk in PAINTING.left_behind()
    services.cancel_job(job=job)

    leases.sweep()

    assert not part.exists()
