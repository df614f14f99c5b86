"""Deleting an account."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings
from django.contrib.sessions.models import Session
from django.core import serializers
from django.core.files.storage import storages
from django.test import Client

from accounts.models import Quota, User
from gallery import services as gallery
from tests.factories import PASSWORD, claimed, make_finished_job, make_image, make_job, make_style, make_user
from transfer.jobs import finish
from transfer.leases import LeaseLost
from transfer.models import Job
from transfer.queue import checkpoint_path

pytestmark = pytest.mark.django_db(transaction=True)

NAME = "perdita"


@pytest.fixture
def perdita(transactional_db: None) -> User:
    return make_user(NAME)


@pytest.fixture
def as_perdita(perdita: User) -> Client:
    """Signed in, and asked for her password once more."""
    client = Client()
    client.post("/accounts/login/", {"login": NAME, "password": PASSWORD})
    client.post("/accounts/reauthenticate/", {"password": PASSWORD})
    return client


def everything_written() -> str:
    """Every row of every table."""
    kept = (model for model in apps.get_models() if model._meta.managed)
    rows = (row for model in kept for row in model._default_manager.all())
    return serializers.serialize("json", rows)


def every_file() -> set[Path]:
    folders = [Path(storages[name].location) for name in ("default", "public")] + [Path(settings.CHECKPOINT_DIR)]
    return {path for folder in folders for path in folder.rglob("*") if path.is_file()}


def delete(client: Client, username: str = NAME) -> int:
    return client.post("/accounts/delete/", {"username": username}).status_code


def test_a_deleted_account_leaves_no_row_and_no_file(perdita: User, as_perdita: Client) -> None:
    files, pk = every_file(), perdita.pk
    gallery.publish(job=make_finished_job(perdita), caption=gallery.Caption(f"By {NAME}"))
    make_style(perdita, name=f"{NAME}'s style")
    gallery.edit_profile(person=perdita, name=NAME.title(), about=f"I am {NAME}.")
    gallery.set_avatar(person=perdita, picture=make_image())
    make_job(perdita)
    Quota.objects.create(user=perdita)
    assert NAME in everything_written()
    assert every_file() != files

    assert delete(as_perdita) == 302

    assert not User.objects.filter(pk=pk).exists()
    assert NAME not in everything_written()
    assert every_file() == files
    assert not Session.objects.exists()


def test_a_worker_that_paints_for_a_deleted_account_leaves_nothing(perdita: User, as_perdita: Client) -> None:
    files = every_file()
    job = make_job(perdita)
    lease = claimed(job)
    checkpoint_path(job.pk).parent.mkdir(parents=True, exist_ok=True)
    checkpoint_path(job.pk).write_bytes(b"half a painting")

    delete(as_perdita)

    with pytest.raises(LeaseLost):
        finish(lease, make_image())
    lease.work.clear_away(lease.row_id)
    assert every_file() == files


def test_what_belongs_to_others_stays(perdita: User, as_perdita: Client) -> None:
    others = make_finished_job(make_user("ada"))

    delete(as_perdita)

    assert list(Job.objects.all()) == [others]
    with others.result_png.open("rb") as file:
        assert io.BytesIO(file.read()).getvalue()


def test_a_slip_does_not_delete(perdita: User, as_perdita: Client) -> None:
    assert delete(as_perdita, username="someone") == 422
    assert User.objects.filter(pk=perdita.pk).exists()


def test_the_only_administrator_stays(perdita: User, as_perdita: Client) -> None:
    User.objects.update(is_superuser=True)

    assert delete(as_perdita) == 422
    assert User.objects.filter(pk=perdita.pk).exists()


def test_the_password_is_asked_for_first(client: Client, perdita: User) -> None:
    client.force_login(perdita)

    response = client.post("/accounts/delete/", {"username": NAME})

    assert response.headers["Location"].startswith("/accounts/reauthenticate/")
    assert User.objects.filter(username=NAME).exists()
