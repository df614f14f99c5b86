"""Training sets and generators in the admin, and who may touch them."""

from __future__ import annotations

import re
from dataclasses import asdict
from typing import Any

import pytest
from django.contrib.auth.models import Permission
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from accounts.models import User
from ml import training_images
from ml.gan_watch import Note
from tests.factories import make_archive, make_generator, make_image, make_training, make_training_set, make_user
from tests.stylesite.test_translations import CHINESE, words_shown
from tests.transfer.test_trainings import progress_at
from transfer import leases
from transfer.models import Generator, GeneratorState, SampleSheet, TrainingSet
from transfer.queue import TRAINING
from transfer.trainings import Curve
from transfer.uploads import as_webp

ADD = "/admin/transfer/trainingset/add/"


def staff(*permissions: str) -> Client:
    user = make_user("grace", is_staff=True)
    user.user_permissions.set(Permission.objects.filter(codename__in=permissions))
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def as_grace(db: None) -> Client:
    """Staff with every right."""
    client = Client()
    client.force_login(make_user("grace", is_staff=True, is_superuser=True))
    return client


def page_of(generator: Generator) -> str:
    return f"/admin/transfer/generator/{generator.pk}/change/"


def train_page(training_set: TrainingSet) -> str:
    return f"/admin/transfer/trainingset/{training_set.pk}/train/"


def uploaded(content: bytes | None = None) -> dict[str, Any]:
    archive = SimpleUploadedFile("waves.zip", make_archive() if content is None else content)
    return {"name": "Waves", "description": "Pictures of waves", "licence": "CC0", "archive": archive}


def chosen(**changes: Any) -> dict[str, Any]:
    settings = {"name": "Surf", "kind": "field", "size": 32, "width": 8, "steps": 32, "batch": 4, "seed": 3}
    return settings | {"average": 0.99, "augment": "on"} | changes


def in_training(steps: int = 3) -> Generator:
    """A generator whose training has come some way."""
    generator = make_training()
    lease = leases.claim(TRAINING, generator.pk, "trainer")
    assert lease
    curve = Curve([], 4)
    for step in range(1, steps + 1):
        curve.add(progress_at(step))
    notes = [asdict(Note("collapsed", {"variety": 0.03}))]
    leases.report(lease, step=steps, fraction=steps / 4, seconds_left=90, curve=curve.points, notes=notes)
    sheet = SampleSheet(generator=generator, step=2)
    sheet.image.save("sheets/2.webp", as_webp(make_image(), 64))
    generator.refresh_from_db()
    generator.sheet.save("generators/sheet.webp", as_webp(make_image(), 64))
    return generator


def test_staff_upload_a_training_set_and_are_led_to_its_training(as_grace: Client) -> None:
    response = as_grace.post(ADD, uploaded())

    training_set = TrainingSet.objects.get()
    assert response.headers["Location"] == train_page(training_set)
    assert training_set.uploaded_by.username == "grace"  # type: ignore[union-attr]


def test_an_archive_that_cannot_be_used_is_explained_where_it_was_chosen(as_grace: Client) -> None:
    response = as_grace.post(ADD, uploaded(b"words"))

    assert response.status_code == 422
    assert "whole zip or tar file with at least two pictures" in response.content.decode()
    assert not TrainingSet.objects.exists()


def test_an_archive_of_more_pictures_than_memory_holds_is_refused_as_such(
    as_grace: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(training_images, "MOST_MEMORY", 10_000)

    page = as_grace.post(ADD, uploaded()).content.decode()

    assert "more pictures than a training has memory for" in page
    assert not TrainingSet.objects.exists()


def test_staff_start_a_training_with_the_settings_that_matter(as_grace: Client) -> None:
    response = as_grace.post(train_page(make_training_set()), chosen())

    generator = Generator.objects.get()
    assert response.headers["Location"] == page_of(generator)
    assert (generator.name, generator.state, generator.total_steps) == ("Surf", GeneratorState.QUEUED, 32)
    settings = {"size": 32, "width": 8, "seed": 3, "average": 0.99, "augment": True, "spectral_norm": False}
    assert settings.items() <= generator.settings.items()


@pytest.mark.parametrize(
    "wrong",
    [{"width": 4}, {"steps": 0}, {"batch": 1}, {"size": 48}, {"average": 1}, {"seed": -1}, {"kind": "x"}],
    ids=str,
)
def test_settings_out_of_range_start_nothing(as_grace: Client, wrong: dict[str, Any]) -> None:
    assert as_grace.post(train_page(make_training_set()), chosen(**wrong)).status_code == 422
    assert not Generator.objects.exists()


@pytest.mark.parametrize(("steps", "every"), [(8, 1), (4000, 250), (1_000_000, 10_000)])
def test_a_training_is_judged_often_enough_to_be_watched_and_no_more_often_than_a_page_can_show(
    as_grace: Client, steps: int, every: int
) -> None:
    as_grace.post(train_page(make_training_set()), chosen(steps=steps))

    assert Generator.objects.get().settings["evaluate_every"] == every


def test_a_training_is_watched_on_a_page_that_renews_itself(as_grace: Client) -> None:
    generator = in_training()

    page = as_grace.get(page_of(generator)).content.decode()

    panel = f"/admin/transfer/generator/{generator.pk}/panel/"
    assert f'hx-get="{panel}"' in page
    assert "step 3 of 4" in page
    assert "about 2 min left" in page
    assert "differ among themselves by 3% of" in page
    assert page.count("<polyline") == 4
    assert not re.search(r"<style|style=|<script(?![^>]*src=)|onclick", page)
    assert panel not in page.replace(f'hx-get="{panel}"', "")
    assert "<html" not in as_grace.get(panel).content.decode()


def test_a_generator_that_is_trained_is_left_in_peace(as_grace: Client) -> None:
    assert "hx-get" not in as_grace.get(page_of(make_generator())).content.decode()


def test_a_failed_training_says_what_to_do_and_what_happened(as_grace: Client) -> None:
    generator = make_training()
    Generator.objects.update(state=GeneratorState.FAILED, failure="timeout", failure_detail="Traceback: …")

    page = as_grace.get(page_of(generator)).content.decode()

    assert "Resume it, and it goes on." in page
    assert "Traceback: …" in page
    assert "Resume the training" in page


@pytest.mark.parametrize(
    ("act", "before", "after"),
    [
        ("cancel", GeneratorState.QUEUED, GeneratorState.CANCELLED),
        ("resume", GeneratorState.FAILED, GeneratorState.QUEUED),
        ("publish", GeneratorState.READY, GeneratorState.PUBLISHED),
        ("retire", GeneratorState.PUBLISHED, GeneratorState.RETIRED),
    ],
)
@pytest.mark.parametrize("where", ["page", "list"])
def test_staff_act_on_a_generator(
    as_grace: Client, where: str, act: str, before: GeneratorState, after: GeneratorState
) -> None:
    generator = make_generator()
    Generator.objects.update(state=before, training_set=make_training_set())
    button = f"/admin/transfer/generator/{generator.pk}/act/{act}/"
    assert (where == "list") or button in as_grace.get(page_of(generator)).content.decode()

    if where == "page":
        as_grace.post(button)
    else:
        as_grace.post("/admin/transfer/generator/", {"action": act, "_selected_action": [str(generator.pk)]})

    generator.refresh_from_db()
    assert generator.state == after


def test_an_act_that_comes_too_late_is_explained(as_grace: Client) -> None:
    generator = make_generator()

    response = as_grace.post(f"/admin/transfer/generator/{generator.pk}/act/cancel/", follow=True)

    assert "moved on in the meantime" in response.content.decode()


def test_a_training_set_in_use_cannot_be_deleted(as_grace: Client) -> None:
    training_set = make_training().training_set
    assert training_set
    address = f"/admin/transfer/trainingset/{training_set.pk}/delete/"

    assert as_grace.post(address, {"post": "yes"}).status_code == 403
    chosen = {"action": "delete_selected", "_selected_action": [str(training_set.pk)], "post": "yes"}
    as_grace.post("/admin/transfer/trainingset/", chosen)
    assert TrainingSet.objects.filter(pk=training_set.pk).exists()

    Generator.objects.all().delete()
    as_grace.post(address, {"post": "yes"})
    assert not TrainingSet.objects.exists()


ROUTES = [
    ("GET", ADD, "add_trainingset"),
    ("GET", "/admin/transfer/trainingset/{set}/train/", "add_generator"),
    ("POST", "/admin/transfer/trainingset/{set}/train/", "add_generator"),
    ("GET", "/admin/transfer/generator/{generator}/change/", "view_generator"),
    ("GET", "/admin/transfer/generator/{generator}/panel/", "view_generator"),
    ("GET", "/admin/transfer/generator/{generator}/sheets/2.webp", "view_generator"),
    ("GET", "/admin/transfer/generator/{generator}/sheet.webp", "view_generator"),
    ("POST", "/admin/transfer/generator/{generator}/act/cancel/", "change_generator"),
]


def visit(client: Client, method: str, address: str, generator: Generator) -> int:
    filled = address.format(set=generator.training_set_id, generator=generator.pk)
    return client.generic(method, filled).status_code


@pytest.mark.parametrize(("method", "address", "permission"), ROUTES)
def test_each_route_asks_for_its_permission(
    db: None, client: Client, as_ada: Client, method: str, address: str, permission: str
) -> None:
    generator = in_training()
    others = {name for _, _, name in ROUTES} - {permission}
    if permission == "view_generator":
        others.remove("change_generator")  # Whoever may change one may look at it.

    assert visit(client, method, address, generator) == 302
    assert visit(as_ada, method, address, generator) == 302
    assert visit(staff(*others), method, address, generator) == 403
    User.objects.filter(username="grace").delete()
    assert visit(staff(permission), method, address, generator) in (200, 302, 422)
    generator.refresh_from_db()
    assert (generator.state == GeneratorState.CANCELLED) == (permission == "change_generator")


def test_looking_is_not_acting(db: None) -> None:
    page = staff("view_generator").get(page_of(in_training())).content.decode()

    assert "/act/" not in page


@pytest.mark.parametrize(
    "page",
    [ADD, "/admin/transfer/trainingset/{set}/train/", "/admin/transfer/generator/{generator}/change/"],
)
def test_a_chinese_member_of_staff_reads_chinese(as_grace: Client, page: str) -> None:
    generator = in_training()
    address = page.format(set=generator.training_set_id, generator=generator.pk)

    content = as_grace.get(address, headers={"Accept-Language": "zh-CN"}).content.decode()

    words = words_shown(content.partition('id="content"')[2])
    assert words
    assert not [word for word in words if not CHINESE.search(word)]
