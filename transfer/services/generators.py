"""What staff do with training sets and generators."""

from __future__ import annotations

import hashlib
import tempfile
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from functools import partial
from pathlib import Path

from django.conf import settings as site
from django.core.files.base import File
from django.core.files.uploadedfile import TemporaryUploadedFile, UploadedFile
from django.db import transaction
from django.utils import timezone

import ml
from accounts.models import User
from transfer import events, queue
from transfer.errors import (
    ArchiveTooLarge,
    GeneratorMovedOn,
    NotForPaintings,
    NoTrainingSet,
    TooManyPictures,
    TrainingSetInUse,
)
from transfer.files import stored
from transfer.models import Generator, GeneratorState, TrainingSet
from transfer.models.generators import IN_TRAINING, RESUMABLE, TRAINING_QUEUE
from transfer.queue import TRAINING
from transfer.starter_generator import DATA, LICENCE, MODEL, NAME, SLUG
from transfer.trained import read_trained


def add_training_set(
    *, uploaded_by: User, name: str, description: str, licence: str, archive: UploadedFile[bytes]
) -> TrainingSet:
    """Store an archive, every picture of which has been read.

    Raises `ArchiveTooLarge`, `TooManyPictures` and `NoTrainingSet`.
    """
    if (archive.size or 0) > site.TRAINING_SET_MAX_BYTES:
        raise ArchiveTooLarge
    with _on_disk(archive) as path:
        images = _read(path)
        training_set = TrainingSet(
            name=name,
            description=description,
            licence=licence,
            count=images.count,
            skipped=images.skipped,
            uploaded_by=uploaded_by,
        )
        with path.open("rb") as file, stored({"archive": File(file, uuid.uuid4().hex)}, "training-sets") as fields:
            training_set.archive = fields["archive"]
            training_set.save()
    return training_set


@transaction.atomic
def delete_training_set(*, training_set: TrainingSet) -> None:
    """Delete the pictures; generators trained on them stay. Raises `TrainingSetInUse`."""
    TrainingSet.objects.select_for_update().get(pk=training_set.pk)
    if training_set.is_in_use:
        raise TrainingSetInUse
    training_set.delete()


@transaction.atomic
def start_training(*, training_set: TrainingSet, name: str, settings: ml.GanSettings) -> Generator:
    """Queue the training of a new generator."""
    # Locked, so that the pictures are not deleted meanwhile.
    training_set = TrainingSet.objects.select_for_update().get(pk=training_set.pk)
    generator = Generator.objects.create(
        name=name,
        trained_on=training_set.description,
        licence=training_set.licence,
        training_set=training_set,
        settings=asdict(settings),
        total_steps=settings.steps,
    )
    transaction.on_commit(partial(queue.deliver, TRAINING, TRAINING_QUEUE))
    return generator


@transaction.atomic
def cancel_training(*, generator: Generator) -> None:
    """Stop a waiting or running training, which can be resumed. Raises `GeneratorMovedOn`."""
    _move(
        generator,
        IN_TRAINING,
        GeneratorState.CANCELLED,
        token=None,
        seconds_left=None,
        finished_at=timezone.now(),
    )


@transaction.atomic
def resume_training(*, generator: Generator) -> None:
    """Queue a cancelled or failed training again; it goes on from its last checkpoint. Raises `GeneratorMovedOn`."""
    _move(generator, RESUMABLE, GeneratorState.QUEUED, failure="", failure_detail="", attempts=0, finished_at=None)
    transaction.on_commit(partial(queue.deliver, TRAINING, TRAINING_QUEUE))


@transaction.atomic
def publish_generator(*, generator: Generator) -> None:
    """Offer the generator in the studio. Raises `NotForPaintings` and `GeneratorMovedOn`."""
    if generator.settings["kind"] != "field":
        raise NotForPaintings
    _move(generator, (GeneratorState.READY, GeneratorState.RETIRED), GeneratorState.PUBLISHED)


@transaction.atomic
def retire_generator(*, generator: Generator) -> None:
    """Offer the generator no longer; jobs that name it are painted all the same. Raises `GeneratorMovedOn`."""
    _move(generator, (GeneratorState.PUBLISHED,), GeneratorState.RETIRED)


def starter_generator_is_loaded() -> bool:
    """Whether the registry holds the generator in the box as it is now. It takes no PyTorch to tell."""
    return Generator.objects.filter(slug=SLUG, digest=_sha256(MODEL)).exists()


def load_starter_generator() -> None:
    """Make the registry hold the generator in the box; it is published at once, and staff may retire it.

    One that the project has replaced is retired and stays with the jobs that name it.
    """
    if starter_generator_is_loaded():
        return
    trained = read_trained(MODEL)
    steps = trained.settings.steps
    with stored(trained.files, "generators") as fields, transaction.atomic():
        Generator.objects.filter(slug=SLUG).update(slug=None, state=GeneratorState.RETIRED)
        Generator.objects.create(
            slug=SLUG,
            name=NAME,
            trained_on=DATA,
            licence=LICENCE,
            settings=asdict(trained.settings),
            metrics=trained.metrics,
            digest=trained.digest,
            state=GeneratorState.PUBLISHED,
            fraction=1.0,
            step=steps,
            total_steps=steps,
            **fields,
        )


def _move(generator: Generator, sources: tuple[GeneratorState, ...], target: GeneratorState, **fields: object) -> None:
    """From one of the `sources` to the `target`. Raises `GeneratorMovedOn` from any other state."""
    if not Generator.objects.filter(pk=generator.pk, state__in=sources).update(state=target, **fields):
        raise GeneratorMovedOn
    transaction.on_commit(partial(events.announce, generator.pk))


def _read(path: Path) -> ml.TrainingImages:
    """All pictures of the archive, reduced as far as settings allow: this only proves that they can be read."""
    try:
        return ml.TrainingImages.read(path, ml.GanSettings(kind="single", size=32, shortest=32))
    except ml.TooManyImages as error:
        raise TooManyPictures from error
    except ml.TrainingImagesError as error:
        raise NoTrainingSet from error


@contextmanager
def _on_disk(archive: UploadedFile[bytes]) -> Iterator[Path]:
    """A path of the uploaded file: where a large one has been written already, or of a copy."""
    if isinstance(archive, TemporaryUploadedFile):
        yield Path(archive.temporary_file_path())
        return
    with tempfile.NamedTemporaryFile() as copy:
        copy.writelines(archive.chunks())
        copy.flush()
        yield Path(copy.name)


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
