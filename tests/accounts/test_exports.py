"""The archive of everything one has."""

from __future__ import annotations

import io
import json
import zipfile
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.test import Client
from django.utils import timezone
from PIL import Image

from accounts.exports import PATIENCE, forget_old_exports
from accounts.models import DataExport, User
from gallery import services as gallery
from tests.factories import files_in_storage, make_finished_job, make_image, make_user
from tests.transfer.workers import work

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def ada(transactional_db: None) -> User:
    return make_user("ada")


def unpacked(response: Any) -> zipfile.ZipFile:
    return zipfile.ZipFile(io.BytesIO(b"".join(response.streaming_content)))


def test_a_worker_packs_everything_one_has_and_nothing_of_others(ada: User, as_ada: Client) -> None:
    job = make_finished_job(ada)
    gallery.publish(job=job, caption=gallery.Caption("Harbour"))
    gallery.edit_profile(person=ada, name="Ada Lovelace", about="Hello.")
    gallery.set_avatar(person=ada, picture=make_image())
    make_finished_job(make_user("bob"))

    as_ada.post("/accounts/data/")
    assert "is being packed" in as_ada.get("/accounts/data/").content.decode()
    work()
    assert "Download the archive" in as_ada.get("/accounts/data/").content.decode()

    archive = unpacked(as_ada.get("/accounts/data/download/"))
    assert set(archive.namelist()) == {
        "account.json",
        f"photos/{job.photo_id}.{job.photo.image.name.rpartition('.')[2]}",
        f"styles/{job.style_id}.{job.style.image.name.rpartition('.')[2]}",
        f"paintings/{job.pk}.json",
        f"paintings/{job.pk}.png",
        "works.json",
        "likes.json",
        "following.json",
        "collections.json",
        "profile.json",
        "avatar.webp",
    }
    assert Image.open(archive.open(f"paintings/{job.pk}.png")).size == (job.width, job.height)
    assert json.loads(archive.read(f"paintings/{job.pk}.json"))["preset"] == "draft"
    assert json.loads(archive.read("works.json"))[0]["title"] == "Harbour"
    assert json.loads(archive.read("account.json"))["email"] == "ada@example.org"
    assert json.loads(archive.read("account.json"))["name"] == "Ada Lovelace"
    assert json.loads(archive.read("profile.json"))["about"] == "Hello."


def test_there_is_nothing_to_download_before_it_is_packed(ada: User, as_ada: Client) -> None:
    as_ada.post("/accounts/data/")

    assert as_ada.get("/accounts/data/download/").status_code == 404


def test_asking_twice_packs_once_unless_the_first_was_lost(ada: User, as_ada: Client) -> None:
    as_ada.post("/accounts/data/")
    first = DataExport.objects.get()
    as_ada.post("/accounts/data/")
    assert DataExport.objects.get() == first

    DataExport.objects.update(requested_at=timezone.now() - PATIENCE)
    as_ada.post("/accounts/data/")

    assert DataExport.objects.get() != first


def test_archives_are_forgotten_after_a_week_with_their_files(ada: User) -> None:
    before = files_in_storage()
    export = DataExport.objects.create(user=ada)
    export.file.save("ada.zip", ContentFile(b"zip"))
    assert forget_old_exports() == 0

    DataExport.objects.update(requested_at=timezone.now() - timedelta(days=8))

    assert forget_old_exports() == 1
    assert files_in_storage() == before


def test_an_account_deleted_meanwhile_leaves_no_archive(ada: User, as_ada: Client) -> None:
    before = files_in_storage()
    as_ada.post("/accounts/data/")
    ada.delete()

    work()

    assert files_in_storage() == before
