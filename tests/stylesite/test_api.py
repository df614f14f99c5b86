"""The API as a whole: its description, its page, and who may come in where."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from io import StringIO
from typing import Any

import pytest
from asgiref.sync import sync_to_async
from django.core.management import call_command
from django.test import AsyncClient, Client
from django.urls import URLPattern, URLResolver, get_resolver

from accounts.models import Scope, User
from accounts.rest.permissions import HasScope
from stylesite.asgi import explain
from tests.factories import make_job, make_user
from tests.programs import API, make_token, program_of
from tests.transfer.test_events import events_of, next_event
from transfer import leases, services
from transfer.queue import PAINTING

# What strangers may see, and what answers them that there is nothing.
OPEN_TO_STRANGERS = {"schema", "docs", "nowhere"}
SOME_ID = "0b5f6c1e-7d0f-4d55-9d0a-2f7e0c6a9b11"


@pytest.fixture
def document(client: Client, db: None) -> dict[str, Any]:
    return dict(client.get(f"{API}/schema/").json())


def routes() -> Iterator[URLPattern]:
    (api,) = [found for found in get_resolver().url_patterns if getattr(found, "namespace", None) == "api"]
    yield from _patterns(api)


def _patterns(resolver: Any) -> Iterator[URLPattern]:
    for found in resolver.url_patterns:
        yield from _patterns(found) if isinstance(found, URLResolver) else [found]


def operations(document: dict[str, Any]) -> list[tuple[str, str, dict[str, Any]]]:
    return [(m, path, operation) for path, methods in document["paths"].items() for m, operation in methods.items()]


def address(path: str) -> str:
    return re.sub(r"\{format\}", "png", re.sub(r"\{id\}", SOME_ID, path))


def test_every_route_asks_for_a_scope_unless_it_is_listed() -> None:
    closed = [route for route in routes() if route.name not in OPEN_TO_STRANGERS]

    assert len(closed) > 15
    for route in closed:
        view = route.callback.cls  # type: ignore[attr-defined]
        assert [*view.permission_classes] == [HasScope], route
        assert len({*view.throttle_classes}) == 2, route


def test_every_operation_refuses_strangers_and_tokens_without_its_scope(
    client: Client, document: dict[str, Any], ada: User
) -> None:
    toothless = program_of(ada, [])
    for method, path, operation in operations(document):
        for visitor, status in ((client, 401), (toothless, 403)):
            response = getattr(visitor, method)(address(path))
            assert response.status_code == status, operation["operationId"]


def test_the_scope_that_an_operation_names_is_the_one_it_asks_for(document: dict[str, Any], ada: User) -> None:
    readers, writers = program_of(ada, [Scope.READ]), program_of(ada, [Scope.WRITE])
    for method, path, operation in operations(document):
        reads = "scope `read`" in operation["description"]
        assert reads != ("scope `write`" in operation["description"])
        right, wrong = (readers, writers) if reads else (writers, readers)
        assert getattr(right, method)(address(path)).status_code != 403, operation["operationId"]
        assert getattr(wrong, method)(address(path)).status_code == 403, operation["operationId"]


def test_the_description_is_complete_and_valid(db: None) -> None:
    out = StringIO()

    call_command("spectacular", validate=True, fail_on_warn=True, stdout=out)

    assert "openapi: 3.0.3" in out.getvalue()


def test_everything_described_has_a_name_and_a_type(document: dict[str, Any]) -> None:
    names = [operation["operationId"] for _, _, operation in operations(document)]
    assert len(names) == len({*names})
    assert all(re.fullmatch(r"[a-z]+_[a-z]+", name) for name in names)
    assert all(operation["summary"] for _, _, operation in operations(document))
    for name, schema in document["components"]["schemas"].items():
        for field, shape in schema.get("properties", {}).items():
            assert shape.keys() & {"type", "$ref", "allOf"}, (name, field)


def test_every_error_is_described_as_a_problem(document: dict[str, Any]) -> None:
    responses = document["components"]["responses"]
    for _, _, operation in operations(document):
        errors = {status: response for status, response in operation["responses"].items() if status >= "400"}
        assert errors.keys() >= {"401", "403", "406", "429", "500"}
        for status, response in errors.items():
            assert response == {"$ref": f"#/components/responses/Problem{status}"}
            assert [*responses[f"Problem{status}"]["content"]] == ["application/problem+json"]


def test_the_description_is_in_english_whatever_the_reader_speaks(client: Client, db: None) -> None:
    response = client.get(f"{API}/schema/", headers={"Accept-Language": "zh-CN"})

    assert not re.search(r"[\u4e00-\u9fff]", json.dumps(response.json(), ensure_ascii=False))


def test_the_page_about_the_api_forbids_foreign_and_inline_code(client: Client, db: None) -> None:
    response = client.get(f"{API}/docs/")

    assert "unsafe" not in response.headers["Content-Security-Policy"]
    page = response.content.decode()
    assert f'data-schema="{API}/schema/"' in page
    assert not re.findall(r"https?://|<style| style=|<script>", page)


@pytest.mark.django_db(transaction=True)
async def test_a_program_watches_a_job_to_its_end() -> None:
    ada = await sync_to_async(make_user)("ada")
    job = await sync_to_async(make_job)(ada)
    secret = await sync_to_async(make_token)(ada)
    headers = {"Authorization": f"Bearer {secret}", "Accept": "text/event-stream"}

    response = await AsyncClient().get(f"{API}/jobs/{job.pk}/events/", headers=headers)

    assert response.headers["Content-Type"] == "text/event-stream"
    stream = events_of(response)
    assert (await next_event(stream))[1]["state"] == "queued"
    lease = await sync_to_async(leases.claim)(PAINTING, job.pk, "tests")
    assert lease
    assert (await next_event(stream))[1]["preview"] is None
    await sync_to_async(leases.report)(lease, preview="previews/1.webp", step=1, total_steps=9)
    assert (await next_event(stream))[1]["preview"] == f"http://testserver{API}/jobs/{job.pk}/preview/?v=1"
    await sync_to_async(services.cancel_job)(job=job)
    assert await next_event(stream) == ("done", {"state": "cancelled"})


def test_a_body_too_large_for_the_site_is_a_problem_in_the_language_asked_for() -> None:
    scope = {
        "type": "http",
        "method": "POST",
        "path": f"{API}/uploads/",
        "headers": [(b"accept-language", b"zh-CN")],
        "query_string": b"",
    }

    media_type, text = explain(scope)

    assert media_type == "application/problem+json"
    assert json.loads(text)["status"] == 413
    assert explain(scope | {"path": "/studio/"})[0].startswith("text/plain")
