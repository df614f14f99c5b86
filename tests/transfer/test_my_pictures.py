"""The page of one's own pictures, and what is done there with several at once."""

from __future__ import annotations

import asyncio
import io
import re
import zipfile
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from PIL import Image

from accounts.models import User
from gallery.services import Caption, publish
from tests.factories import claimed, make_artwork, make_finished_job, make_job, make_style
from transfer import leases
from transfer.archives import zipped
from transfer.models import Failure, Job, State

PAGE = "/studio/jobs/"


def shown(client: Client, query: str = "") -> list[str]:
    """The jobs that the page shows, by their ids, from top to bottom."""
    return re.findall(r'<li class="[^"]*" id="job-([0-9a-f-]{36})"', client.get(PAGE + query).content.decode())


def ids(*jobs: Job) -> list[str]:
    return [str(job.pk) for job in jobs]


def act(client: Client, act: str, *jobs: Job, **fields: Any) -> str:
    """Do something with the jobs; what the page says then."""
    response = client.post(f"{PAGE}selected/{act}/", {"job": ids(*jobs), **fields}, follow=True)
    assert response.status_code == 200
    return response.content.decode()


def make_failed_job(owner: User) -> Job:
    job = make_job(owner)
    leases.fail(claimed(job), Failure.UNEXPECTED, "")
    return job


def test_what_is_being_painted_is_on_top_and_the_running_ones_first(as_ada: Client, ada: User) -> None:
    done, waiting, running = make_finished_job(ada), make_job(ada), make_job(ada)
    claimed(running)

    assert shown(as_ada) == ids(running, waiting, done)


def test_the_filters_show_what_they_say_and_count_it(as_ada: Client, ada: User) -> None:
    finished, failed, waiting = make_finished_job(ada), make_failed_job(ada), make_job(ada)
    hanging = make_artwork(ada).job

    assert shown(as_ada, "?show=painting") == ids(waiting)
    assert shown(as_ada, "?show=finished") == ids(hanging, finished)
    assert shown(as_ada, "?show=stopped") == ids(failed)
    assert shown(as_ada, "?show=published") == ids(hanging)
    assert shown(as_ada, "?show=unpublished") == ids(finished)
    assert shown(as_ada, f"?style={failed.style_id}") == ids(failed)
    counts = re.findall(r'class="chip-count">(\d+)<', as_ada.get(PAGE).content.decode())
    assert counts == ["4", "1", "2", "1", "1", "1"]


def test_a_filter_that_there_is_not_shows_everything(as_ada: Client, ada: User) -> None:
    job = make_finished_job(ada)

    assert shown(as_ada, "?show=best&style=mine&page=last") == ids(job)


def test_nobody_finds_others_pictures(as_bob: Client, ada: User, bob: User) -> None:
    make_finished_job(ada)
    own = make_finished_job(bob)

    assert shown(as_bob) == ids(own)


def test_the_page_asks_the_same_number_of_questions_however_much_it_shows(as_ada: Client, ada: User) -> None:
    def questions() -> int:
        with CaptureQueriesContext(connection) as queries:
            as_ada.get(PAGE)
        return len(queries)

    for _ in range(2):
        make_finished_job(ada)
        claimed(make_job(ada))
    few = questions()
    for _ in range(4):
        make_artwork(ada)
        claimed(make_job(ada))

    assert questions() == few


def test_one_answer_tells_the_progress_of_all_easels(as_ada: Client, ada: User) -> None:
    running, waiting = make_job(ada), make_job(ada)
    make_finished_job(ada)
    leases.report(claimed(running), step=10, fraction=0.25, seconds_left=40)

    easels = as_ada.get(f"{PAGE}progress/").json()["easels"]

    assert set(easels) == set(ids(running, waiting))
    assert easels[str(running.pk)] == {
        "state": "running",
        "percent": 25,
        "words": "About 40 seconds left",
        "picture": running.photo.thumbnail_url,
    }
    assert easels[str(waiting.pk)]["words"].startswith("Number 1 in line")


def test_progress_is_told_for_a_few_questions(as_ada: Client, ada: User) -> None:
    for _ in range(5):
        claimed(make_job(ada))

    with CaptureQueriesContext(connection) as queries:
        as_ada.get(f"{PAGE}progress/")

    # The session, the person, the jobs, and the batches.
    assert len(queries) == 4


def test_deletion_asks_first_and_then_says_what_stayed(as_ada: Client, ada: User) -> None:
    first, second, waiting, hanging = make_finished_job(ada), make_failed_job(ada), make_job(ada), make_artwork(ada).job

    page = act(as_ada, "delete", first, second, waiting, hanging)
    assert "Delete these 4 pictures?" in page
    assert Job.objects.count() == 4

    page = act(as_ada, "delete", first, second, waiting, hanging, confirmed="yes")
    assert "2 pictures were deleted." in page
    assert "1 is still being painted and stays." in page
    assert "1 hangs in the gallery and stays." in page
    assert set(Job.objects.all()) == {waiting, hanging}


def test_several_are_stopped_at_once(as_ada: Client, ada: User) -> None:
    waiting, running, done = make_job(ada), make_job(ada), make_finished_job(ada)
    claimed(running)

    page = act(as_ada, "stop", waiting, running, done)

    assert "2 paintings were stopped." in page
    assert "1 had ended already." in page
    assert Job.objects.filter(state=State.CANCELLED).count() == 2


def test_the_button_of_one_easel_stops_no_other_that_is_ticked(as_ada: Client, ada: User) -> None:
    ticked, pressed = make_job(ada), make_job(ada)

    act(as_ada, "stop", ticked, only=str(pressed.pk))

    assert set(Job.objects.filter(state=State.CANCELLED)) == {pressed}


def test_several_are_tried_again_as_far_as_there_is_room(as_ada: Client, ada: User, settings: Any) -> None:
    failed = [make_failed_job(ada) for _ in range(3)]
    settings.UNFINISHED_JOBS_PER_USER = 2

    page = act(as_ada, "retry", *failed)

    assert "2 pictures were queued again." in page
    assert "You have as many waiting and running jobs as this site allows." in page
    assert Job.objects.filter(state=State.QUEUED).count() == 2


def test_what_needs_no_second_try_is_counted(as_ada: Client, ada: User) -> None:
    page = act(as_ada, "retry", make_failed_job(ada), make_finished_job(ada))

    assert "1 picture was queued again." in page
    assert "1 has neither failed nor been stopped." in page


def test_what_others_have_is_not_touched(as_bob: Client, ada: User, bob: User) -> None:
    job, own = make_finished_job(ada), make_finished_job(bob)

    page = act(as_bob, "delete", job, own, confirmed="yes")

    assert "1 picture was deleted." in page
    assert set(Job.objects.all()) == {job}


def test_nothing_chosen_is_said_and_the_filter_stays(as_ada: Client, ada: User) -> None:
    make_finished_job(ada)

    response = as_ada.post(f"{PAGE}selected/stop/", {"job": ["nonsense"], "query": "show=finished&page=2"})

    assert response.headers["Location"] == f"{PAGE}?show=finished&page=2"
    assert "Choose pictures first" in as_ada.get(PAGE).content.decode()


def test_finished_pictures_come_as_one_zip_without_loss(as_ada: Client, ada: User) -> None:
    first, second, waiting = make_finished_job(ada), make_finished_job(ada), make_job(ada)

    response = as_ada.post(f"{PAGE}selected/download/", {"job": ids(first, second, waiting)})

    assert response.headers["Content-Type"] == "application/zip"
    assert ".zip" in response.headers["Content-Disposition"]
    archive = zipfile.ZipFile(io.BytesIO(received(response)))
    assert archive.testzip() is None
    assert len(archive.namelist()) == 2
    assert all(name.endswith(".png") for name in archive.namelist())
    assert Image.open(io.BytesIO(archive.read(archive.namelist()[0]))).size == (128, 96)


def received(response: Any) -> bytes:
    async def whole() -> bytes:
        return b"".join([piece async for piece in response.streaming_content])

    return asyncio.run(whole())


def test_a_zip_is_sent_in_pieces_and_leaves_out_what_has_gone(ada: User) -> None:
    job, gone = make_finished_job(ada), make_finished_job(ada)
    gone.result_png.storage.delete(gone.result_png.name)

    pieces = list(zipped([("gone.png", gone.result_png), ("kept.png", job.result_png)]))

    assert len(pieces) > 1
    assert zipfile.ZipFile(io.BytesIO(b"".join(pieces))).namelist() == ["kept.png"]


def test_nothing_finished_is_no_empty_zip(as_ada: Client, ada: User) -> None:
    page = act(as_ada, "download", make_job(ada))

    assert "None of these pictures is finished yet." in page


def test_a_published_picture_says_so_on_its_card(as_ada: Client, ada: User) -> None:
    job = make_finished_job(ada)
    assert "#wall" not in cards(as_ada)

    publish(job=job, caption=Caption("Waves"))

    assert "#wall" in cards(as_ada)


def cards(client: Client) -> str:
    return client.get(PAGE).content.decode().partition('<ul class="tiles">')[2].partition("</ul>")[0]


def test_the_next_page_keeps_the_filter(as_ada: Client, ada: User, monkeypatch: pytest.MonkeyPatch) -> None:
    style = make_style(ada)
    for _ in range(2):
        make_finished_job(ada)
    Job.objects.update(style=style)
    monkeypatch.setattr("transfer.views.my_pictures.JOBS_PER_PAGE", 1)

    page = as_ada.get(f"{PAGE}?show=finished&style={style.pk}").content.decode()

    assert f'rel="next" href="?show=finished&amp;style={style.pk}&amp;page=2"' in page
