"""The registry: training sets, what staff do with generators, and whose eyes their pictures are for."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from django.test import Client

from accounts.models import User
from tests.factories import (
    files_in_storage,
    make_archive,
    make_gan_settings,
    make_generator,
    make_job,
    make_training,
    make_training_set,
    make_user,
    trained_file,
)
from transfer import services
from transfer.errors import (
    ArchiveTooLarge,
    GeneratorMovedOn,
    NotForPaintings,
    NoTrainingSet,
    Refused,
    TrainingSetInUse,
)
from transfer.models import Generator, GeneratorState, Job, TrainingSet
from transfer.queue import run_folder

pytestmark = pytest.mark.django_db


def upload(content: bytes) -> TrainingSet:
    return services.add_training_set(
        uploaded_by=make_user("grace", is_staff=True),
        name="Waves",
        description="Pictures of waves",
        licence="CC0",
        archive=SimpleUploadedFile("waves.zip", content),
    )


def test_an_archive_is_counted_and_kept_as_it_is() -> None:
    content = make_archive(3, {"readme.txt": b"no picture"})

    training_set = upload(content)

    assert (training_set.count, training_set.skipped) == (3, 1)
    assert training_set.archive.open().read() == content
    assert "waves" not in training_set.archive.name


@pytest.mark.parametrize(
    "content",
    [
        b"just words",
        b"",
        make_archive(1),
        make_archive(0, {"a.jpg": b"words", "b.jpg": b"words"}),
        make_archive()[:900],
    ],
    ids=["words", "nothing", "one picture", "no pictures", "cut short"],
)
def test_what_is_no_training_set_is_refused_and_nothing_kept(content: bytes) -> None:
    before = files_in_storage()

    with pytest.raises(NoTrainingSet, match="whole zip or tar"):
        upload(content)

    assert not TrainingSet.objects.exists()
    assert files_in_storage() == before


def test_an_archive_over_the_limit_is_refused_unread(settings: Any) -> None:
    settings.TRAINING_SET_MAX_BYTES = 100

    with pytest.raises(ArchiveTooLarge):
        upload(make_archive())


def test_a_training_starts_with_what_the_pictures_are_and_the_settings_chosen() -> None:
    training_set = make_training_set()

    generator = services.start_training(
        training_set=training_set, name="Surf", settings=make_gan_settings(spectral_norm=True)
    )

    assert (generator.state, generator.total_steps) == (GeneratorState.QUEUED, 4)
    assert (generator.trained_on, generator.licence) == ("Pictures of waves", "CC0")
    assert generator.settings["spectral_norm"] is True


MOVES = {
    services.cancel_training: {GeneratorState.QUEUED},
    services.resume_training: {GeneratorState.CANCELLED, GeneratorState.FAILED},
    services.publish_generator: {GeneratorState.READY, GeneratorState.RETIRED},
    services.retire_generator: {GeneratorState.PUBLISHED},
}


@pytest.mark.parametrize("state", sorted(set(GeneratorState) - {GeneratorState.TRAINING}))
@pytest.mark.parametrize("move", MOVES)
def test_each_move_starts_from_its_own_states_only(move: Any, state: GeneratorState) -> None:
    generator = make_generator(state=GeneratorState.READY)
    Generator.objects.filter(pk=generator.pk).update(state=state, training_set=make_training_set())

    if state in MOVES[move]:
        move(generator=generator)
    else:
        with pytest.raises(GeneratorMovedOn):
            move(generator=generator)

    generator.refresh_from_db()
    assert (generator.state != state) == (state in MOVES[move])


def test_a_generator_of_single_pictures_is_not_published() -> None:
    generator = make_generator(kind="single", state=GeneratorState.READY)

    with pytest.raises(NotForPaintings):
        services.publish_generator(generator=generator)


def test_pictures_are_kept_while_a_training_needs_them_and_no_longer() -> None:
    generator = make_training()
    training_set = generator.training_set
    assert training_set
    services.cancel_training(generator=generator)

    with pytest.raises(TrainingSetInUse):
        services.delete_training_set(training_set=training_set)

    trained = make_generator()
    Generator.objects.filter(pk=trained.pk).update(training_set=training_set)
    generator.delete()
    services.delete_training_set(training_set=training_set)
    trained.refresh_from_db()
    assert trained.training_set is None


@pytest.mark.parametrize(
    "wrong",
    [
        {"state": "dreaming"},
        {"state": GeneratorState.TRAINING},
        {"state": GeneratorState.CANCELLED},
        {"failure": "lost"},
        {"weights": ""},
        {"step": 9},
    ],
    ids=lambda wrong: "-".join(map(str, wrong.values())) or "no weights",
)
def test_the_database_holds_no_generator_that_cannot_be(wrong: dict[str, Any]) -> None:
    generator = make_generator()

    with pytest.raises(IntegrityError), transaction.atomic():
        Generator.objects.filter(pk=generator.pk).update(**wrong)


@pytest.mark.parametrize(
    "wrong", [{"init": "gan"}, {"init": "noise", "generator": True}, {"gan_strength": 1.5}], ids=str
)
def test_a_job_names_a_generator_exactly_when_it_starts_from_one(ada: User, wrong: dict[str, Any]) -> None:
    job = make_job(ada)
    fields = {**wrong, "generator": make_generator()} if "generator" in wrong else wrong

    with pytest.raises(IntegrityError), transaction.atomic():
        Job.objects.filter(pk=job.pk).update(**fields)


@pytest.mark.django_db(transaction=True)
def test_deleting_a_generator_deletes_its_files_and_its_run() -> None:
    before = files_in_storage()
    generator = make_generator()
    run_folder(generator.pk).mkdir(parents=True)
    (run_folder(generator.pk) / "checkpoint").touch()

    generator.delete()

    assert files_in_storage() == before
    assert not run_folder(generator.pk).exists()


def test_a_generator_that_jobs_name_is_not_deleted(ada: User) -> None:
    job = make_job(ada, init="gan", generator=make_generator())

    with pytest.raises(Exception, match="restricted"):
        job.generator.delete()  # type: ignore[union-attr]


class TestTheGeneratorInTheBox:
    @pytest.fixture(autouse=True)
    def _box(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """Another file than the project's own, which takes longer to look at."""
        monkeypatch.setattr("transfer.services.generators.MODEL", trained_file())

    def test_it_is_published_at_once_and_loaded_once(self) -> None:
        assert not services.starter_generator_is_loaded()
        services.load_starter_generator()
        before = files_in_storage()

        services.load_starter_generator()

        generator = Generator.objects.published().get()
        assert services.starter_generator_is_loaded()
        assert (generator.display_name, generator.licence) == ("Brushwork", "MIT")
        assert files_in_storage() == before

    def test_it_stays_retired_where_staff_retired_it(self) -> None:
        services.load_starter_generator()
        services.retire_generator(generator=Generator.objects.get())

        services.load_starter_generator()

        assert not Generator.objects.published().exists()

    def test_a_newer_one_takes_its_place_and_jobs_keep_the_old_one(
        self, ada: User, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        services.load_starter_generator()
        job = make_job(ada, init="gan", generator=Generator.objects.get())
        monkeypatch.setattr("transfer.services.generators.MODEL", trained_file("single"))

        services.load_starter_generator()

        job.refresh_from_db()
        assert job.generator
        assert job.generator.state == GeneratorState.RETIRED
        assert Generator.objects.get(slug="brushwork") != job.generator


def test_the_projects_own_generator_is_in_the_box() -> None:
    services.load_starter_generator()

    generator = Generator.objects.published().get()
    assert generator.settings["kind"] == "field"
    assert generator.weights.size <= 4 * 2**20


@pytest.mark.parametrize("state", [GeneratorState.READY, GeneratorState.RETIRED])
def test_a_sample_that_is_not_published_is_for_staff_and_for_painters_who_used_it(
    client: Client, as_ada: Client, as_bob: Client, ada: User, state: GeneratorState
) -> None:
    generator = make_generator(state=state)
    make_job(ada, init="gan", generator=generator)
    staff = Client()
    staff.force_login(make_user("grace", is_staff=True))

    statuses = [visitor.get(generator.sample_url).status_code for visitor in (staff, as_ada, as_bob, client)]

    assert statuses == [200, 200, 404, 404]


def test_a_published_sample_is_for_everyone_who_is_signed_in(client: Client, as_bob: Client) -> None:
    generator = make_generator()

    assert as_bob.get(generator.sample_url).headers["Content-Type"] == "image/webp"
    assert client.get(generator.sample_url).status_code == 404


def test_refusals_are_sentences() -> None:
    for refusal in Refused.__subclasses__():
        assert str(refusal()).endswith(".")
