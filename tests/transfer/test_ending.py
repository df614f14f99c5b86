"""What an open page is told of the jobs that end meanwhile."""

from __future__ import annotations

import time
from typing import Any

import pytest
from django.test import Client

from accounts.models import User
from tests.factories import claimed, make_finished_job, make_job
from transfer import leases

pytestmark = pytest.mark.django_db


def told(visitor: Client, since: Any = 0) -> Any:
    return visitor.get("/studio/jobs/ended/", {"since": since}).json()


def test_a_page_is_told_what_has_ended_since(ada: User, as_ada: Client) -> None:
    job = make_finished_job(ada)

    (end,) = told(as_ada, int(time.time()) - 60)["ended"]
    assert end["job"] == str(job.pk)
    assert end["address"] == job.get_absolute_url()
    assert "finished" in end["text"]


def test_what_ended_before_is_no_news(ada: User, as_ada: Client) -> None:
    make_finished_job(ada)

    assert told(as_ada, int(time.time()) + 60)["ended"] == []


def test_it_is_told_whether_there_is_more_to_wait_for(ada: User, as_ada: Client) -> None:
    assert told(as_ada)["under_way"] is False
    job = make_job(ada)
    assert told(as_ada)["under_way"] is True

    leases.fail(claimed(job), "memory", "")

    state = told(as_ada)
    assert state["under_way"] is False
    assert "failed" in state["ended"][0]["text"]


def test_others_work_is_not_told(ada: User, as_bob: Client) -> None:
    make_finished_job(ada)

    assert told(as_bob)["ended"] == []


@pytest.mark.parametrize("since", ["", "yesterday", "9" * 40])
def test_a_moment_that_is_none_tells_nothing(as_ada: Client, since: str) -> None:
    assert told(as_ada, since)["ended"] == []


def test_only_pages_of_those_who_wait_ask(ada: User, as_ada: Client, as_bob: Client, client: Client) -> None:
    make_job(ada)

    assert "data-under-way" in as_ada.get("/").content.decode()
    assert "data-under-way" not in as_bob.get("/").content.decode()
    assert "data-watch" not in client.get("/").content.decode()
