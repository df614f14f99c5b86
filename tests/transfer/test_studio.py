from __future__ import annotations

import io
import re
import uuid
from typing import Any

import numpy as np
import pytest
from django.test import Client
from PIL import Image

from accounts.models import User
from tests.factories import (
    encode,
    files_in_storage,
    make_file,
    make_generator,
    make_image,
    make_job,
    make_photo,
    make_style,
)
from tests.ml.test_pictures import png_claiming
from transfer import services
from transfer.models import Job, Photo, State, Style


def submit(client: Client, **fields: Any) -> Any:
    chosen = {"submission": uuid.uuid4(), "preset": "draft", "size": "256", **fields}
    return client.post("/studio/", {name: value for name, value in chosen.items() if value is not None})


def refusal(client: Client, style: Style, content: bytes, name: str = "photo.jpg") -> str:
    """What the page says when this file is sent as a photo, having checked that nothing was kept of it."""
    before = files_in_storage()
    response = submit(client, photo_file=make_file(content, name), style=style.pk)
    assert response.status_code == 422
    assert not Job.objects.exists()
    assert not Photo.objects.exists()
    assert files_in_storage() == before
    return response.content.decode()


def test_the_studio_asks_strangers_to_sign_in(client: Client, db: None) -> None:
    assert client.get("/studio/").headers["Location"].startswith("/accounts/login/")


def test_a_new_photo_and_a_starter_style_make_a_queued_job(as_ada: Client, ada: User) -> None:
    style = make_style()

    response = submit(as_ada, photo_file=make_file(), style=style.pk, strength="75", colours="photo", seed="11")

    job = Job.objects.get()
    assert response.headers["Location"] == f"/studio/?job={job.pk}"
    assert (job.owner, job.state, job.style, job.size, job.seed) == (ada, State.QUEUED, style, 256, 11)
    assert (job.style_strength, job.colours) == (pytest.approx(5**0.5), "photo")
    assert (job.photo.width, job.photo.height) == (96, 72)


def test_an_earlier_photo_can_be_used_again(as_ada: Client, ada: User) -> None:
    photo = make_photo(ada)

    submit(as_ada, photo=photo.pk, style=make_style().pk)

    assert Job.objects.get().photo == photo


def test_a_style_picture_sent_along_joins_the_library(as_ada: Client, ada: User) -> None:
    submit(as_ada, photo=make_photo(ada).pk, style_file=make_file())

    assert Job.objects.get().style == Style.objects.of(ada).get()


def test_the_preset_decides_the_size_where_none_is_chosen(as_ada: Client, ada: User) -> None:
    submit(as_ada, photo=make_photo(ada).pk, style=make_style().pk, preset="fine", size=None)

    assert Job.objects.get().size == 1024


def test_a_seed_is_drawn_where_none_is_given(as_ada: Client, ada: User) -> None:
    photo, style = make_photo(ada), make_style()

    for _ in range(3):
        submit(as_ada, photo=photo.pk, style=style.pk)

    assert len(set(Job.objects.values_list("seed", flat=True))) == 3


def test_sending_the_same_form_twice_makes_one_job(as_ada: Client) -> None:
    submission, style = uuid.uuid4(), make_style()

    first = submit(as_ada, submission=submission, photo_file=make_file(), style=style.pk)
    second = submit(as_ada, submission=submission, photo_file=make_file(), style=style.pk)

    assert first.headers["Location"] == second.headers["Location"]
    assert Job.objects.count() == 1
    assert Photo.objects.count() == 1


def test_a_photo_and_a_style_are_needed(as_ada: Client) -> None:
    page = submit(as_ada).content.decode()

    assert "Choose a photo." in page
    assert "Choose a style." in page


def test_choices_survive_an_error(as_ada: Client) -> None:
    style = make_style()

    page = submit(as_ada, style=style.pk, preset="fine").content.decode()

    assert page.count(" checked") >= 2
    assert f'value="{style.pk}"' in page


def test_an_empty_file_is_refused(as_ada: Client, ada: User) -> None:
    assert "file is empty" in refusal(as_ada, make_style(), b"")


def test_a_text_file_named_jpg_is_refused(as_ada: Client) -> None:
    assert "not a picture we can read" in refusal(as_ada, make_style(), b"just words", "photo.jpg")


def test_a_truncated_jpeg_is_refused(as_ada: Client) -> None:
    content = encode(make_image(400, 300))
    assert "damaged or cut short" in refusal(as_ada, make_style(), content[: len(content) // 2])


def test_a_decompression_bomb_is_refused(as_ada: Client) -> None:
    assert "more than 50 megapixels" in refusal(as_ada, make_style(), png_claiming(60_000, 60_000), "bomb.png")


def test_a_60_megapixel_png_is_refused(as_ada: Client) -> None:
    content = encode(Image.new("L", (10_000, 6_000)), "PNG")
    assert "more than 50 megapixels" in refusal(as_ada, make_style(), content, "huge.png")


def test_an_animated_image_is_refused(as_ada: Client) -> None:
    frames = [make_image(seed=seed) for seed in range(3)]
    content = encode(frames[0], "WEBP", save_all=True, append_images=frames[1:])
    assert "animated" in refusal(as_ada, make_style(), content, "dance.webp")


def test_a_single_pixel_is_refused(as_ada: Client) -> None:
    assert "too small" in refusal(as_ada, make_style(), encode(Image.new("RGB", (1, 1)), "PNG"))


def test_a_file_over_the_limit_is_refused(as_ada: Client, settings: Any) -> None:
    settings.UPLOAD_MAX_BYTES = 2**20
    noise = Image.effect_noise((1500, 1500), 90)
    assert "larger than 1 MB" in refusal(as_ada, make_style(), encode(noise, "PNG"))


@pytest.mark.parametrize(
    ("image", "format"),
    [
        (Image.new("CMYK", (80, 60), (0, 200, 200, 0)), "JPEG"),
        (Image.fromarray(np.full((60, 80), 30_000, "uint16")), "PNG"),
    ],
    ids=["CMYK", "16-bit"],
)
def test_unusual_colour_modes_are_accepted_and_converted(as_ada: Client, image: Image.Image, format: str) -> None:
    submit(as_ada, photo_file=make_file(encode(image, format)), style=make_style().pk)

    with Photo.objects.get().image.open() as file:
        assert Image.open(file).mode == "RGB"


def test_what_is_stored_bears_no_trace_of_the_file_sent(as_ada: Client) -> None:
    exif = Image.Exif()
    exif.get_ifd(0x8825)[2] = (52.0, 31.0, 12.0)
    content = encode(make_image(), "JPEG", exif=exif, comment=b"taken at home")

    submit(as_ada, photo_file=make_file(content, "../../home-address.jpg"), style=make_style().pk)

    photo = Photo.objects.get()
    stored = photo.image.open().read()
    assert b"taken at home" not in stored
    assert not Image.open(io.BytesIO(stored)).getexif()
    assert "home-address" not in photo.image.name


def test_another_persons_photo_or_style_cannot_be_used(as_ada: Client, ada: User, bob: User) -> None:
    assert submit(as_ada, photo=make_photo(bob).pk, style=make_style().pk).status_code == 422
    assert submit(as_ada, photo=make_photo(ada).pk, style=make_style(bob).pk).status_code == 422
    assert not Job.objects.exists()


def test_too_many_unfinished_jobs_are_refused_with_a_reason(as_ada: Client, ada: User, settings: Any) -> None:
    settings.UNFINISHED_JOBS_PER_USER = 1
    make_job(ada)

    response = submit(as_ada, photo_file=make_file(), style=make_style().pk)

    assert response.status_code == 429
    assert "as many waiting and running jobs" in response.content.decode()
    assert Job.objects.count() == 1


def test_too_many_uploads_an_hour_are_refused(as_ada: Client, ada: User, settings: Any) -> None:
    make_photo(ada)
    settings.UPLOADS_PER_HOUR = 1

    assert submit(as_ada, photo_file=make_file(), style=make_style().pk).status_code == 429


def test_a_form_without_a_valid_token_of_its_own_is_refused(as_ada: Client, ada: User) -> None:
    response = submit(as_ada, submission="nonsense", photo=make_photo(ada).pk, style=make_style().pk)

    assert response.status_code == 422


def test_again_starts_from_the_earlier_choices(as_ada: Client, ada: User) -> None:
    job = make_job(ada, preset="fine", seed=4711, size=256)

    page = as_ada.get(f"/studio/?again={job.pk}").content.decode()

    assert 'value="4711"' in page


@pytest.mark.parametrize("query", ["again=nonsense", "style=nonsense", f"again={uuid.UUID(int=0)}"])
def test_a_strange_address_still_shows_the_form(as_ada: Client, query: str) -> None:
    assert as_ada.get(f"/studio/?{query}").status_code == 200


def test_another_persons_settings_are_not_shown(as_ada: Client, bob: User) -> None:
    job = make_job(bob, seed=987654)

    assert "987654" not in as_ada.get(f"/studio/?again={job.pk}").content.decode()


def test_a_submission_without_the_csrf_token_is_refused(ada: User) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(ada)

    assert submit(client, photo_file=make_file(), style=make_style().pk).status_code == 403


def test_a_painting_starts_from_the_generator_chosen(as_ada: Client, ada: User) -> None:
    generator = make_generator()

    submit(
        as_ada,
        photo=make_photo(ada).pk,
        style=make_style().pk,
        init="gan",
        generator=generator.pk,
        gan_strength="0.3",
    )

    job = Job.objects.get()
    assert (job.init, job.generator, job.gan_strength) == ("gan", generator, 0.3)
    assert "Brushes, 30%" in as_ada.get(job.get_absolute_url()).content.decode()


def test_a_generator_left_checked_beside_another_start_is_none_of_the_jobs(as_ada: Client, ada: User) -> None:
    submit(as_ada, photo=make_photo(ada).pk, style=make_style().pk, init="photo", generator=make_generator().pk)

    assert Job.objects.get().generator is None


def test_a_generator_must_be_chosen_where_the_start_is_one(as_ada: Client, ada: User) -> None:
    make_generator()

    response = submit(as_ada, photo=make_photo(ada).pk, style=make_style().pk, init="gan")

    assert response.status_code == 422
    assert "Choose a generator." in response.content.decode()


@pytest.mark.parametrize("state", ["ready", "retired"])
def test_a_generator_that_is_not_published_is_neither_offered_nor_taken(as_ada: Client, ada: User, state: Any) -> None:
    generator = make_generator(state=state)
    make_generator("Another")

    assert str(generator.pk) not in as_ada.get("/studio/").content.decode()
    response = submit(as_ada, photo=make_photo(ada).pk, style=make_style().pk, init="gan", generator=generator.pk)
    assert response.status_code == 422
    assert not Job.objects.exists()


def test_without_a_published_generator_there_is_no_such_start(as_ada: Client, ada: User) -> None:
    assert 'value="gan"' not in as_ada.get("/studio/").content.decode()
    assert submit(as_ada, photo=make_photo(ada).pk, style=make_style().pk, init="gan").status_code == 422


def test_again_carries_the_generator_and_its_share(as_ada: Client, ada: User) -> None:
    make_generator("Another")
    job = make_job(ada, init="gan", generator=make_generator(), gan_strength=0.3)
    make_generator("A third")

    page = as_ada.get(f"/studio/?again={job.pk}").content.decode()

    for value in ("gan", str(job.generator_id), "0.3"):
        assert is_checked(page, value)


def test_again_starts_from_the_photo_where_the_generator_was_retired(as_ada: Client, ada: User) -> None:
    make_generator("Another")
    job = make_job(ada, init="gan", generator=make_generator())
    services.retire_generator(generator=job.generator)  # type: ignore[arg-type]

    page = as_ada.get(f"/studio/?again={job.pk}").content.decode()

    assert is_checked(page, "photo")
    assert "Brushes" in as_ada.get(job.get_absolute_url()).content.decode()


def is_checked(page: str, value: str) -> bool:
    """Whether the choice with this value is the one that the page proposes."""
    return bool(re.search(rf'<input[^>]*value="{re.escape(value)}"[^>]* checked', page))
