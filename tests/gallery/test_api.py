"""The gallery through the API, as a program uses it."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from accounts.models import User
from gallery.models import Artwork, Report, Visibility
from tests.factories import make_artwork, make_finished_job, make_job
from tests.programs import API, assert_problem, program_of

WORKS = f"{API}/works/"


@pytest.fixture
def program(ada: User) -> Client:
    return program_of(ada)


def publish(program: Client, **said: Any) -> Any:
    return program.post(WORKS, said, content_type="application/json")


def titles(response: Any) -> list[str]:
    return [work["title"] for work in response.json()["results"]]


def test_a_program_publishes_a_picture_and_takes_it_back(program: Client, ada: User, client: Client) -> None:
    job = make_finished_job(ada)

    work = publish(program, job=str(job.pk), title="Harbour", tags=["Sea", "blue"], share_photo=True)

    assert work.status_code == 201
    told = work.json()
    assert (told["title"], told["artist"], told["visibility"], told["liked"]) == ("Harbour", "ada", "public", False)
    assert sorted(told["tags"]) == ["blue", "sea"]
    assert told["photo"]
    picture = told["pictures"][0]
    assert client.get(picture["url"]).headers["Content-Type"] == f"image/{picture['format']}"

    assert program.delete(f"{WORKS}{told['id']}/").status_code == 204
    assert client.get(picture["url"]).status_code == 404


def test_publishing_again_changes_what_is_said(program: Client, ada: User) -> None:
    job = make_finished_job(ada)
    publish(program, job=str(job.pk), title="Harbour")

    publish(program, job=str(job.pk), title="Harbour at dusk", visibility="unlisted")

    work = Artwork.objects.get()
    assert (work.title, work.visibility) == ("Harbour at dusk", Visibility.UNLISTED)


def test_neither_an_unfinished_job_nor_anothers_is_published(program: Client, ada: User, bob: User) -> None:
    assert_problem(publish(program, job=str(make_job(ada).pk), title="Soon"), 409, "not_finished")
    assert_problem(publish(program, job=str(make_finished_job(bob).pk), title="Mine"), 404, "not_found")


def test_a_program_browses_by_order_and_filter(program: Client, bob: User) -> None:
    for title, tag in (("Meadow", "green"), ("Harbour", "sea"), ("Storm", "sea")):
        make_artwork(bob, title, tags=[tag])
    make_artwork(bob, "Secret", visibility=Visibility.UNLISTED)

    assert titles(program.get(WORKS)) == ["Storm", "Harbour", "Meadow"]
    assert titles(program.get(f"{WORKS}?tag=sea&limit=1")) == ["Storm"]
    assert titles(program.get(program.get(f"{WORKS}?tag=sea&limit=1").json()["next"])) == ["Harbour"]
    assert titles(program.get(f"{WORKS}?q=meadow")) == ["Meadow"]
    assert titles(program.get(f"{WORKS}?artist=nobody")) == []
    assert_problem(program.get(f"{WORKS}?sort=best"), 400, "invalid")


def test_a_program_likes_a_work_once_and_no_longer(program: Client, bob: User) -> None:
    address = f"{WORKS}{make_artwork(bob).pk}/like/"

    for _ in range(2):
        assert program.post(address).json() == {"liked": True, "like_count": 1}
    assert program.delete(address).json() == {"liked": False, "like_count": 0}


def test_a_program_reports_a_work(program: Client, ada: User, bob: User) -> None:
    work = make_artwork(bob)

    response = program.post(f"{WORKS}{work.pk}/report/", {"reason": "spam"}, content_type="application/json")

    assert response.status_code == 204
    assert Report.objects.get().reporter == ada


def test_anothers_work_is_not_taken_back(program: Client, bob: User) -> None:
    work = make_artwork(bob)

    assert_problem(program.delete(f"{WORKS}{work.pk}/"), 404, "not_found")


def test_a_list_asks_the_database_the_same_however_many_works_there_are(
    program: Client, bob: User, django_assert_num_queries: Any
) -> None:
    for _ in range(2):
        for number in range(3):
            make_artwork(bob, f"Work {number}", tags=["sea"], share_photo=True)
        program.get(WORKS)
        with django_assert_num_queries(5):
            program.get(WORKS)
