"""Paintings in several styles, and styles that are painted in some places only."""

from __future__ import annotations

import io
import uuid
from typing import Any

import numpy as np
import pytest
from django.test import Client
from PIL import Image

from accounts.models import User
from tests.factories import claimed, encode, files_in_storage, make_image, make_order, make_photo, make_style
from transfer import jobs, services
from transfer.engine import settings_of
from transfer.errors import MisfitMask, NothingPainted
from transfer.models import Job, Paint, Photo, State, Style
from transfer.services import Ingredient

pytestmark = pytest.mark.django_db


def half(width: int = 96, height: int = 72) -> Image.Image:
    """White on the left, black on the right."""
    mask = Image.new("L", (width, height))
    mask.paste(255, (0, 0, width // 2, height))
    return mask


def png(mask: Image.Image) -> io.BytesIO:
    file = io.BytesIO(encode(mask, "PNG"))
    file.name = "mask.png"
    return file


def submit(client: Client, photo: Photo, styles: list[Style], **fields: Any) -> Any:
    chosen = {"submission": uuid.uuid4(), "preset": "draft", "size": "256", "photo": photo.pk}
    return client.post("/studio/", {**chosen, "style": [style.pk for style in styles], **fields})


def make_mix(owner: User, mix: list[Ingredient]) -> Job:
    return services.submit_job(
        owner=owner,
        photo=make_photo(owner),
        style=mix[0].style,
        order=make_order(),
        submission=uuid.uuid4(),
        mix=mix,
    )


def painted(job: Job) -> np.ndarray[Any, Any]:
    jobs._attempt(claimed(job))
    job.refresh_from_db()
    with job.result_png.open("rb") as file:
        return np.asarray(Image.open(file)).astype(int)


def test_several_styles_are_mixed_in_the_order_and_weights_chosen(as_ada: Client, ada: User) -> None:
    first, second = make_style(name="Waves"), make_style(name="Hills")

    submit(as_ada, make_photo(ada), [second, first], **{f"weight-{first.pk}": "80", f"weight-{second.pk}": "20"})

    job = Job.objects.get()
    assert job.style == second
    assert [(paint.style, paint.weight) for paint in job.paints.all()] == [(second, 20), (first, 80)]


def test_one_style_everywhere_needs_no_paints(as_ada: Client, ada: User) -> None:
    submit(as_ada, make_photo(ada), [make_style()])

    assert not Job.objects.get().paints.exists()


def test_a_new_style_picture_joins_those_that_were_chosen(as_ada: Client, ada: User) -> None:
    style = make_style()

    submit(as_ada, make_photo(ada), [style], style_file=png(make_image()))

    assert [paint.style for paint in Job.objects.get().paints.all()] == [style, Style.objects.of(ada).get()]


def test_a_fifth_style_is_refused(as_ada: Client, ada: User) -> None:
    response = submit(as_ada, make_photo(ada), [make_style() for _ in range(5)])

    assert response.status_code == 422
    assert "at most 4 styles" in response.content.decode()


def test_strange_weights_are_taken_for_the_nearest_possible(as_ada: Client, ada: User) -> None:
    styles = [make_style() for _ in range(3)]
    weights = dict(zip([f"weight-{style.pk}" for style in styles], ["0", "999", "much"], strict=True))

    submit(as_ada, make_photo(ada), styles, **weights)

    assert [paint.weight for paint in Paint.objects.all()] == [1, 100, 50]


def test_a_mask_is_kept_with_the_job_and_is_its_owners_alone(as_ada: Client, as_bob: Client, ada: User) -> None:
    style = make_style()

    submit(as_ada, make_photo(ada), [style], **{f"mask-{style.pk}": png(half())})

    paint = Job.objects.get().paints.get()
    shown = Image.open(io.BytesIO(as_ada.get(paint.mask_url).content))
    assert (shown.size, shown.mode) == ((96, 72), "L")
    assert np.asarray(shown)[36, [10, 86]].tolist() == [255, 0]
    assert as_bob.get(paint.mask_url).status_code == 404


def test_a_mask_of_another_shape_is_refused_and_nothing_is_kept(ada: User) -> None:
    with pytest.raises(MisfitMask):
        make_mix(ada, [Ingredient(make_style(), mask=half(72, 96))])

    assert not Job.objects.exists()


def test_a_mask_that_leaves_nothing_to_paint_is_refused(ada: User) -> None:
    with pytest.raises(NothingPainted):
        make_mix(ada, [Ingredient(make_style(), mask=Image.new("L", (96, 72)))])


def test_a_file_that_is_no_mask_is_explained(as_ada: Client, ada: User) -> None:
    style, words = make_style(), io.BytesIO(b"no picture at all")
    words.name = "mask.png"

    response = submit(as_ada, make_photo(ada), [style], **{f"mask-{style.pk}": words})

    assert response.status_code == 422
    assert "not a picture we can read" in response.content.decode()


def test_where_a_mask_is_black_the_photo_stays(ada: User) -> None:
    job = make_mix(ada, [Ingredient(make_style(), mask=half())])

    picture = painted(job)
    with job.photo.image.open("rb") as file:
        photo = np.asarray(Image.open(file).resize((64, 48), Image.Resampling.LANCZOS)).astype(int)

    change = abs(picture - photo).mean(axis=(0, 2))
    assert change[:24].mean() > 5 * change[40:].mean()


def test_the_engine_is_told_the_weights(ada: User) -> None:
    job = make_mix(ada, [Ingredient(make_style(), 90), Ingredient(make_style(), 10)])

    settings = settings_of(job, blend=[paint.weight for paint in job.paints.all()])

    assert settings.blend_of(2) == (0.9, 0.1)


def test_again_paints_the_same_regions_unless_the_photo_is_another(as_ada: Client, ada: User) -> None:
    job = make_mix(ada, [Ingredient(make_style(), mask=half()), Ingredient(make_style(), 30)])
    styles = [paint.style for paint in job.paints.all()]

    page = as_ada.get(f"/studio/?again={job.pk}").content.decode()
    assert f'value="{job.pk}"' in page
    submit(as_ada, job.photo, styles, regions_of=job.pk)
    submit(as_ada, make_photo(ada), styles, regions_of=job.pk)

    other, again = Job.objects.all()[:2]
    assert [bool(paint.mask) for paint in again.paints.all()] == [True, False]
    assert not any(paint.mask for paint in other.paints.all())


def test_a_mix_goes_with_its_job(ada: User, django_capture_on_commit_callbacks: Any) -> None:
    before = files_in_storage()
    job = make_mix(ada, [Ingredient(make_style(ada), mask=half()), Ingredient(make_style(ada))])
    Job.objects.filter(pk=job.pk).update(state=State.CANCELLED)
    job.refresh_from_db()

    with django_capture_on_commit_callbacks(execute=True):
        services.delete_job(job=job)

    assert not Paint.objects.exists()
    assert not [name for name in set(files_in_storage()) - set(before) if "masks" in str(name)]


def test_a_style_that_is_part_of_a_mix_is_only_retired(ada: User) -> None:
    own = make_style(ada)
    make_mix(ada, [Ingredient(make_style()), Ingredient(own)])

    services.remove_style(style=own)

    own.refresh_from_db()
    assert own.retired
