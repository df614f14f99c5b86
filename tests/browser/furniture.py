"""What the pages of `tests.browser.rooms` are about: one of each thing."""

from __future__ import annotations

import json
import sys
import uuid

from django.db import transaction
from PIL import Image, ImageOps

from accounts import letters
from accounts.models import User
from gallery import services as gallery
from gallery.services import Caption
from tests.browser.rooms import NEWCOMER, PAINTER, STAFF
from tests.factories import claimed, make_job, make_order, make_user
from transfer import leases, services
from transfer.jobs import finish
from transfer.models import Failure, Job, Style
from transfer.sample_photos import SAMPLE_PHOTOS, SamplePhoto


def furnish() -> None:
    """Run on the site; prints the addresses. In one transaction, so that no worker sees a job waiting."""
    with transaction.atomic():
        sys.stdout.write(json.dumps(_furnish()) + "\n")


def _furnish() -> dict[str, str]:
    if not Style.objects.starters().exists():
        services.load_starter_styles()
    ada = make_user(PAINTER, has_toured=True)
    make_user(NEWCOMER)
    make_user(STAFF, is_staff=True, is_superuser=True)
    jobs = [_painted(ada, sample, number) for number, sample in enumerate(SAMPLE_PHOTOS)]
    works = [
        gallery.publish(job=job, caption=Caption(title=f"{sample.name}, painted", tags=["sample"], share_photo=True))
        for job, sample in zip(jobs[1:], SAMPLE_PHOTOS[1:], strict=True)
    ]
    collection = gallery.add_collection(owner=ada, name="By the sea", is_public=True)
    gallery.collect(collection=collection, artwork=works[0])
    return {
        "work": works[0].get_absolute_url(),
        "label": f"{works[0].get_absolute_url()}edit/",
        "report": f"{works[0].get_absolute_url()}report/",
        "collection": collection.get_absolute_url(),
        "finished": jobs[0].get_absolute_url(),
        "failed": _failed(ada).get_absolute_url(),
        "stop": "/accounts/" + letters.stop_address(ada).partition("/accounts/")[2],
    }


def _painted(owner: User, sample: SamplePhoto, number: int) -> Job:
    """A job that has ended with the photo in few colours, which looks enough like a painting."""
    style = Style.objects.starters()[number]
    photo = services.photo_of_sample(owner=owner, sample=sample)
    order = make_order(preset="standard", size=512, seed=number)
    job = services.submit_job(owner=owner, photo=photo, style=style, order=order, submission=uuid.uuid4())
    with Image.open(sample.path) as picture:
        finish(claimed(job), ImageOps.posterize(picture.convert("RGB"), 3))
    job.refresh_from_db()
    return job


def _failed(owner: User) -> Job:
    job = make_job(owner)
    leases.fail(claimed(job, str(uuid.uuid4())), Failure.DIVERGED, "")
    return job
