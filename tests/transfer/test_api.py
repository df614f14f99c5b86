"""The work through the API, as a program does it: upload, submit, watch, fetch."""

from __future__ import annotations

import io
import uuid
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image

from accounts.models import Scope, User
from gallery.services import Caption, publish
from tests.factories import (
    claimed,
    encode,
    files_in_storage,
    make_finished_job,
    make_generator,
    make_image,
    make_job,
    make_photo,
    make_style,
)
from tests.programs import API, assert_problem, program_of
from transfer import leases, services
from transfer.models import GeneratorState, Job, Photo, Style


@pytest.fixture
def program(ada: User) -> Client:
    return program_of(ada)


@pytest.fixture
def order(ada: User) -> dict[str, Any]:
    return {"photo": str(make_photo(ada).pk), "style": str(make_style().pk), "preset": "draft", "size": 128, "seed": 7}


def picture(content: bytes | None = None) -> SimpleUploadedFile:
    return SimpleUploadedFile("photo.jpg", encode(make_image()) if content is None else content, "image/jpeg")


def submit(client: Client, order: dict[str, Any], key: str | None = None) -> Any:
    headers = {} if key is None else {"Idempotency-Key": key}
    return client.post(f"{API}/jobs/", order, content_type="application/json", headers=headers)


def errors_of(response: Any) -> dict[str, str]:
    problem = assert_problem(response, 400, "invalid")
    return {error["field"]: error["code"] for error in problem["errors"]}


def test_a_program_learns_whose_token_it_has_and_what_is_left(program: Client, ada: User) -> None:
    job = make_job(ada)

    me = program.get(f"{API}/me/").json()

    assert (me["username"], me["email"], me["token"]["name"]) == ("ada", "ada@example.org", "a script")
    assert me["token"]["scopes"] == ["read", "write"]
    assert me["used"] == {"unfinished_jobs": 1, "running_jobs": 0, "pixel_steps": job.pixel_steps, "uploads": 2}
    assert me["allowed"]["unfinished_jobs"] == 20
    assert me["allowed"]["pixel_steps"] > job.pixel_steps


def test_a_photo_is_uploaded_listed_fetched_and_deleted(program: Client, ada: User) -> None:
    made = program.post(f"{API}/uploads/", {"image": picture()})

    assert made.status_code == 201
    photo = made.json()
    assert (photo["width"], photo["height"]) == (96, 72)
    assert program.get(f"{API}/uploads/").json()["results"] == [photo]
    assert program.get(f"{API}/uploads/{photo['id']}/").json() == photo
    fetched = program.get(photo["image_url"], headers={"Accept": "image/jpeg"})
    assert Image.open(io.BytesIO(fetched.content)).size == (96, 72)
    assert program.get(photo["image_url"], {"kind": "thumbnail"}).headers["Content-Type"] == "image/webp"
    assert program.delete(f"{API}/uploads/{photo['id']}/").status_code == 204
    assert not Photo.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_a_deleted_photos_files_are_gone(program: Client, ada: User) -> None:
    before = files_in_storage()
    photo = make_photo(ada)

    program.delete(f"{API}/uploads/{photo.pk}/")

    assert files_in_storage() == before


def test_a_photo_that_was_painted_stays(program: Client, ada: User) -> None:
    job = make_finished_job(ada)

    assert_problem(program.delete(f"{API}/uploads/{job.photo_id}/"), 409, "photo_in_use")


@pytest.mark.parametrize(
    ("content", "code"), [(b"no picture", "unreadable"), (b"", "empty"), (encode(make_image(8, 8)), "too_small")]
)
def test_what_is_no_picture_is_refused_and_nothing_is_stored(
    program: Client, ada: User, content: bytes, code: str
) -> None:
    before = files_in_storage()

    response = program.post(f"{API}/uploads/", {"image": picture(content)})

    assert errors_of(response) == {"image": code}
    assert files_in_storage() == before


def test_too_many_uploads_are_refused_with_a_time(program: Client, settings: Any) -> None:
    settings.UPLOADS_PER_HOUR = 0

    response = program.post(f"{API}/uploads/", {"image": picture()})

    assert_problem(response, 429, "too_many_uploads")
    assert response.headers["Retry-After"] == "3600"


def test_styles_are_the_starters_and_ones_own(program: Client, bob: User) -> None:
    starter = make_style()
    make_style(bob, "Bob's")
    own = program.post(f"{API}/styles/", {"name": "Dunes", "image": picture()}).json()

    listed = program.get(f"{API}/styles/").json()["results"]

    assert [(style["name"], style["is_starter"]) for style in listed] == [("Dunes", False), ("Waves", True)]
    assert program.get(listed[1]["image_url"]).status_code == 200
    assert program.delete(f"{API}/styles/{own['id']}/").status_code == 204
    assert_problem(program.delete(f"{API}/styles/{starter.pk}/"), 404, "not_found")
    assert Style.objects.filter(pk=starter.pk, retired=False).exists()


def test_generators_are_the_published_ones(program: Client) -> None:
    published = make_generator("Brushes")
    retired = make_generator("Old", GeneratorState.RETIRED)

    listed = program.get(f"{API}/generators/").json()["results"]

    assert [generator["name"] for generator in listed] == ["Brushes"]
    assert program.get(listed[0]["sample_url"]).headers["Content-Type"] == "image/webp"
    assert program.get(f"{API}/generators/{published.pk}/").status_code == 200
    assert program.get(f"{API}/generators/{retired.pk}/").status_code == 404


def test_a_job_is_submitted_with_its_settings(program: Client, order: dict[str, Any]) -> None:
    response = submit(program, order | {"style_strength": 2.5, "brush_size": 0.7, "colours": "photo", "init": "noise"})

    assert response.status_code == 201
    job = response.json()
    assert response.headers["Location"].endswith(f"{API}/jobs/{job['id']}/")
    assert (job["state"], job["size"], job["style_strength"], job["brush_size"]) == ("queued", 128, 2.5, 0.7)
    assert (job["colours"], job["init"], job["generator"], job["seed"]) == ("photo", "noise", None, 7)
    assert job["forecast"]["place"] == 1
    assert job["result"] is job["failure"] is None


def test_what_is_left_out_is_as_in_the_studio(program: Client, order: dict[str, Any]) -> None:
    job = submit(program, {"photo": order["photo"], "style": order["style"]}).json()

    assert (job["preset"], job["size"], job["colours"], job["init"]) == ("standard", 512, "style", "photo")
    assert (job["style_strength"], job["brush_size"], job["gan_strength"]) == (1.0, 1.0, 0.5)


def test_a_job_starts_from_a_published_generator(program: Client, order: dict[str, Any]) -> None:
    generator = make_generator()
    retired = make_generator(state=GeneratorState.RETIRED)

    assert submit(program, order | {"init": "gan", "generator": str(generator.pk)}).json()["generator"] == str(
        generator.pk
    )
    assert errors_of(submit(program, order | {"init": "gan"})) == {"generator": "required"}
    assert errors_of(submit(program, order | {"generator": str(generator.pk)})) == {"generator": "unused"}
    refused = submit(program, order | {"init": "gan", "generator": str(retired.pk)})
    assert errors_of(refused) == {"generator": "does_not_exist"}


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        ({"size": 127}, "min_value"),
        ({"size": 2049}, "max_value"),
        ({"size": "256"}, "invalid"),
        ({"size": True}, "invalid"),
        ({"size": None}, "null"),
        ({"seed": -1}, "min_value"),
        ({"seed": 1.5}, "invalid"),
        ({"style_strength": 0.1}, "min_value"),
        ({"style_strength": "1"}, "invalid"),
        ({"brush_size": 2}, "max_value"),
        ({"gan_strength": 1.01}, "max_value"),
        ({"preset": "quick"}, "invalid_choice"),
        ({"preset": ["draft"]}, "invalid_choice"),
        ({"photo": 7}, "invalid"),
        ({"photo": ""}, "invalid"),
        ({"photo": "0" * 32}, "invalid"),
        ({"photo": str(uuid.uuid4())}, "does_not_exist"),
    ],
)
def test_an_order_that_is_not_valid_is_refused(
    program: Client, order: dict[str, Any], wrong: dict[str, Any], code: str
) -> None:
    assert list(errors_of(submit(program, order | wrong)).values()) == [code]
    assert not Job.objects.exists()


def test_nobody_paints_someone_elses_photo_or_style(order: dict[str, Any], bob: User) -> None:
    stranger = program_of(bob)
    photo, style = str(make_photo(bob).pk), order["style"]
    private = str(make_style(make_photo(bob).owner).pk)

    assert errors_of(submit(stranger, order)) == {"photo": "does_not_exist"}
    assert submit(stranger, order | {"photo": photo, "style": style}).status_code == 201
    ada = program_of(Photo.objects.get(pk=order["photo"]).owner)
    assert errors_of(submit(ada, order | {"style": private})) == {"style": "does_not_exist"}


def test_a_limit_is_a_problem_with_a_time(program: Client, order: dict[str, Any], settings: Any) -> None:
    settings.UNFINISHED_JOBS_PER_USER = 0

    response = submit(program, order)

    assert_problem(response, 429, "too_many_jobs")
    assert response.headers["Retry-After"] == "60"


def test_the_same_key_and_order_give_the_first_job_again(program: Client, order: dict[str, Any]) -> None:
    del order["seed"]
    first = submit(program, order, key="order 1")

    again = submit(program, dict(reversed(order.items())), key="order 1")

    assert (again.status_code, again.json()) == (201, first.json())
    assert Job.objects.count() == 1
    assert submit(program, order, key="order 2").json()["id"] != first.json()["id"]


def test_the_same_key_with_another_order_is_refused(program: Client, order: dict[str, Any]) -> None:
    submit(program, order, key="order 1")

    assert_problem(submit(program, order | {"size": 256}, key="order 1"), 422, "other_order")
    assert Job.objects.count() == 1


def test_two_people_may_draw_the_same_key(program: Client, order: dict[str, Any], bob: User) -> None:
    submit(program, order, key="1")

    response = submit(program_of(bob), order | {"photo": str(make_photo(bob).pk)}, key="1")

    assert response.status_code == 201
    assert Job.objects.count() == 2


@pytest.mark.parametrize("key", ["", "x" * 201, "ÿ"])
def test_a_key_that_is_none_is_refused(program: Client, order: dict[str, Any], key: str) -> None:
    assert errors_of(submit(program, order, key=key)) == {"Idempotency-Key": "invalid"}


def test_an_estimate_submits_nothing(ada: User, order: dict[str, Any]) -> None:
    looking = program_of(ada, [Scope.READ])
    asked = {"photo": order["photo"], "preset": "draft", "size": 128}

    estimate = looking.post(f"{API}/jobs/estimate/", asked, content_type="application/json").json()

    assert estimate["pixel_steps"] > estimate["steps"] > 0
    assert estimate["forecast"]["ends_in"] > 0
    assert estimate["percent_left"] == 99
    assert estimate["refusal"] is None
    assert not Job.objects.exists()


def test_an_estimate_says_why_a_job_would_be_refused(program: Client, settings: Any) -> None:
    settings.DAILY_PIXEL_STEPS_PER_USER = 1

    estimate = program.post(f"{API}/jobs/estimate/", {}, content_type="application/json").json()

    assert estimate["refusal"]["code"] == "larger_than_the_share"
    assert estimate["percent_left"] is None


def test_jobs_are_listed_by_state(program: Client, ada: User) -> None:
    finished, waiting = make_finished_job(ada), make_job(ada)

    def listed(**query: str) -> list[str]:
        return [job["id"] for job in program.get(f"{API}/jobs/", query).json()["results"]]

    assert listed() == [str(waiting.pk), str(finished.pk)]
    assert listed(state="queued") == [str(waiting.pk)]
    assert listed(state="succeeded") == [str(finished.pk)]
    assert errors_of(program.get(f"{API}/jobs/", {"state": "done"})) == {"state": "invalid_choice"}


@pytest.mark.parametrize(("route", "queries"), [("jobs", 3), ("uploads", 2), ("styles", 2)])
def test_a_longer_list_takes_no_more_queries(
    program: Client, ada: User, django_assert_num_queries: Any, route: str, queries: int
) -> None:
    make_finished_job(ada)
    program.get(f"{API}/{route}/")
    with django_assert_num_queries(queries):
        program.get(f"{API}/{route}/")

    for _ in range(3):
        make_finished_job(ada)
    with django_assert_num_queries(queries):
        assert len(program.get(f"{API}/{route}/").json()["results"]) == 4


def test_a_painting_is_fetched_in_each_format(program: Client, ada: User) -> None:
    result = program.get(f"{API}/jobs/{make_finished_job(ada).pk}/").json()["result"]

    for kind in ("png", "jpeg", "webp"):
        response = program.get(result[f"{kind}_url"], headers={"Accept": f"image/{kind}"})
        assert response.headers["Content-Type"] == f"image/{kind}"
        assert Image.open(io.BytesIO(response.content)).size == (result["width"], result["height"]) == (128, 96)


def test_there_is_no_painting_before_the_end_and_none_in_other_formats(program: Client, ada: User) -> None:
    waiting, finished = make_job(ada), make_finished_job(ada)

    assert_problem(program.get(f"{API}/jobs/{waiting.pk}/result/png/"), 404, "not_found")
    assert_problem(program.get(f"{API}/jobs/{waiting.pk}/preview/"), 404, "not_found")
    assert_problem(program.get(f"{API}/jobs/{finished.pk}/result/gif/"), 404, "not_found")


def test_the_preview_of_a_finished_job_is_its_painting(program: Client, ada: User) -> None:
    response = program.get(f"{API}/jobs/{make_finished_job(ada).pk}/preview/")

    assert Image.open(io.BytesIO(response.content)).size == (128, 96)
    assert response.headers["Cache-Control"] == "no-store"


def test_a_job_is_cancelled_tried_again_and_deleted(program: Client, ada: User) -> None:
    job = f"{API}/jobs/{make_job(ada).pk}/"
    assert_problem(program.delete(job), 409, "wrong_state")

    assert program.post(f"{job}cancel/").json()["state"] == "cancelled"
    assert_problem(program.post(f"{job}cancel/"), 409, "wrong_state")
    assert program.post(f"{job}retry/").json()["state"] == "queued"
    program.post(f"{job}cancel/")
    assert program.delete(job).status_code == 204
    assert program.get(job).status_code == 404


def test_events_are_for_those_who_read_them(program: Client, ada: User) -> None:
    assert program.head(f"{API}/jobs/{make_job(ada).pk}/events/").status_code == 405


def test_a_failed_job_says_what_to_do(program: Client, ada: User) -> None:
    job = make_job(ada)
    leases.fail(claimed(job), "memory", "Traceback: a secret")

    failure = program.get(f"{API}/jobs/{job.pk}/").json()["failure"]

    assert failure["code"] == "memory"
    assert "smaller size" in failure["detail"]


def test_a_job_in_the_gallery_is_not_deleted(program: Client, ada: User) -> None:
    job = make_finished_job(ada)
    publish(job=job, caption=Caption("Waves"))

    assert_problem(program.delete(f"{API}/jobs/{job.pk}/"), 409, "in_gallery")


@pytest.mark.parametrize(
    "route",
    [
        "get jobs/{job}/",
        "delete jobs/{job}/",
        "post jobs/{job}/cancel/",
        "post jobs/{job}/retry/",
        "get jobs/{job}/result/png/",
        "get jobs/{job}/preview/",
        "get jobs/{job}/events/",
        "get uploads/{photo}/",
        "get uploads/{photo}/image/",
        "delete uploads/{photo}/",
        "get styles/{style}/",
        "get styles/{style}/image/",
        "delete styles/{style}/",
    ],
)
def test_someone_elses_objects_do_not_exist(ada: User, bob: User, route: str) -> None:
    job = make_finished_job(ada)
    method, path = route.format(job=job.pk, photo=job.photo_id, style=job.style_id).split()

    response = getattr(program_of(bob), method)(f"{API}/{path}")

    assert_problem(response, 404, "not_found")
    assert program_of(ada).get(f"{API}/jobs/{job.pk}/").json()["state"] == "succeeded"


def test_a_form_of_the_studio_meets_no_programs_key(as_ada: Client, ada: User, order: dict[str, Any]) -> None:
    job = services.submitted_job(owner=ada, submission=uuid.uuid4())
    assert job is None
    made = Job.objects.get(pk=submit(program_of(ada), order, key="1").json()["id"])

    response = as_ada.post("/studio/", {"submission": str(made.submission)})

    assert response.headers["Location"] == f"/studio/?job={made.pk}"


def test_a_mix_of_styles_is_painted_where_its_masks_say(program: Client, order: dict[str, Any], ada: User) -> None:
    other, mask = make_style(ada), make_photo(ada)
    mix = [{"style": order["style"], "weight": 70, "mask": str(mask.pk)}, {"style": str(other.pk)}]

    response = submit(program, order | {"mix": mix})

    assert response.status_code == 201
    assert response.json()["mix"] == [
        {"style": order["style"], "weight": 70, "is_everywhere": False},
        {"style": str(other.pk), "weight": 50, "is_everywhere": True},
    ]


def test_a_mix_that_does_not_begin_with_the_orders_style_is_refused(
    program: Client, order: dict[str, Any], ada: User
) -> None:
    other = {"style": str(make_style(ada).pk)}

    assert submit(program, order | {"mix": [other]}).status_code == 400
    assert submit(program, order | {"mix": [{"style": order["style"]}] * 2}).status_code == 400


def test_a_mask_of_another_shape_than_the_photo_is_refused(program: Client, order: dict[str, Any], ada: User) -> None:
    mask = make_photo(ada, width=72, height=96)

    response = submit(program, order | {"mix": [{"style": order["style"], "mask": str(mask.pk)}]})

    assert response.status_code == 422
