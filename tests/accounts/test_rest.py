"""What holds for every route of the API: errors, limits, sessions, pages."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.test import Client, RequestFactory

from accounts.models import User
from accounts.rest.problems import handle
from tests.factories import make_photo
from tests.programs import API, assert_problem, program_of


@pytest.fixture
def program(ada: User) -> Client:
    return program_of(ada)


def post(client: Client, path: str, body: Any, **headers: str) -> Any:
    return client.post(f"{API}{path}", body, content_type="application/json", headers=headers)


def test_strangers_are_asked_to_sign_in(client: Client, db: None) -> None:
    response = client.get(f"{API}/me/")

    assert_problem(response, 401, "not_authenticated")
    assert response.headers["WWW-Authenticate"].startswith("Bearer")


def test_a_session_may_look(as_ada: Client) -> None:
    response = as_ada.get(f"{API}/me/")

    assert response.json()["token"] is None
    assert response.headers["Cache-Control"] == "no-store"


def test_a_session_may_change_things_with_the_pages_csrf_token_alone(ada: User) -> None:
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(ada)
    assert_problem(post(browser, "/jobs/estimate/", {}), 403, "csrf")

    browser.get("/accounts/login/?next=/")
    browser.get("/studio/")
    response = post(browser, "/jobs/estimate/", {}, **{"X-CSRFToken": browser.cookies["csrftoken"].value})

    assert response.status_code == 200


@pytest.mark.parametrize("path", ["/nowhere/", "/jobs", "/jobs/not-a-uuid/"])
def test_an_address_without_a_route_is_a_problem_too(client: Client, db: None, path: str) -> None:
    assert_problem(client.get(f"{API}{path}"), 404, "not_found")
    assert_problem(client.post(f"{API}{path}"), 404, "not_found")


def test_an_address_of_another_version_is_a_problem_too(client: Client, db: None) -> None:
    assert_problem(client.get("/api/v7/me/"), 404, "not_found")


def test_a_method_that_is_not_offered_is_named_with_those_that_are(program: Client) -> None:
    response = program.put(f"{API}/jobs/", {}, content_type="application/json")

    assert_problem(response, 405, "method_not_allowed")
    assert response.headers["Allow"] == "GET, HEAD, POST"


def test_a_media_type_that_is_not_offered_is_a_problem(program: Client) -> None:
    assert_problem(program.get(f"{API}/me/", headers={"Accept": "text/html"}), 406, "not_acceptable")


def test_a_media_type_that_is_not_taken_is_a_problem(program: Client) -> None:
    response = program.post(f"{API}/jobs/", "<order/>", content_type="application/xml")

    assert_problem(response, 415, "unsupported_media_type")


@pytest.mark.parametrize("body", ["{", "[" * 100_000, '{"size": NaN}', "\x00", '"\\ud800"', "[]", "7"])
def test_a_body_that_is_no_json_object_is_a_problem(program: Client, body: str) -> None:
    response = post(program, "/jobs/", body)

    assert response.status_code == 400
    assert response.json()["code"] in ("parse_error", "invalid")


def test_a_long_body_is_refused_before_it_is_parsed(program: Client, settings: Any) -> None:
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 100

    assert_problem(post(program, "/jobs/", json.dumps({"photo": "x" * 100})), 413, "too_large")


def test_what_is_wrong_is_said_field_by_field(program: Client) -> None:
    problem = assert_problem(post(program, "/jobs/", {"size": 1, "preset": "quick", "colour": "red"}), 400, "invalid")
    assert [(error["field"], error["code"]) for error in problem["errors"]] == [("colour", "unknown")]

    problem = assert_problem(post(program, "/jobs/", {"size": 1, "preset": "quick"}), 400, "invalid")
    codes = {error["field"]: error["code"] for error in problem["errors"]}
    assert codes == {"photo": "required", "style": "required", "size": "min_value", "preset": "invalid_choice"}


def test_problems_are_told_in_the_language_that_was_asked_for(program: Client) -> None:
    response = program.get(f"{API}/nowhere/", headers={"Accept-Language": "zh-CN"})

    problem = assert_problem(response, 404, "not_found")
    assert problem["detail"] == "未找到。"
    assert response.headers["Content-Language"] == "zh-hans"


def test_what_nobody_has_thought_of_is_logged_and_not_told(caplog: pytest.LogCaptureFixture) -> None:
    request = RequestFactory().get("/api/v1/me/")

    response = handle(ZeroDivisionError("a secret"), {"request": request})

    assert (response.status_code, json.loads(response.content)["code"]) == (500, "server_error")
    assert b"secret" not in response.content
    assert "a secret" in caplog.text


def test_a_person_may_ask_so_often_and_no_more(program: Client, ada: User, bob: User, settings: Any) -> None:
    settings.API_REQUESTS_PER_MINUTE = 2
    for _ in range(2):
        assert program.get(f"{API}/me/").status_code == 200

    response = program_of(ada).get(f"{API}/me/")

    assert_problem(response, 429, "throttled")
    assert 0 < int(response.headers["Retry-After"]) <= 60
    assert program_of(bob).get(f"{API}/me/").status_code == 200


@pytest.mark.parametrize("headers", [{}, {"Authorization": "Bearer stylesite_guess"}])
def test_a_stranger_may_try_so_often_and_no_more(
    client: Client, db: None, settings: Any, headers: dict[str, str]
) -> None:
    settings.API_STRANGERS_REQUESTS_PER_MINUTE = 2
    for _ in range(2):
        assert client.get(f"{API}/me/", headers=headers).status_code == 401

    assert_problem(client.get(f"{API}/me/", headers=headers), 429, "throttled")


def test_without_redis_nobody_is_counted(program: Client, settings: Any) -> None:
    settings.API_REQUESTS_PER_MINUTE = 1
    settings.CACHES = {
        "default": {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": "redis://127.0.0.1:1"}
    }

    for _ in range(2):
        assert program.get(f"{API}/generators/").status_code == 200


def test_pages_lead_from_one_to_the_next_and_back(program: Client, ada: User) -> None:
    photos = [str(make_photo(ada).pk) for _ in range(5)]

    first = program.get(f"{API}/uploads/?limit=2").json()
    make_photo(ada)
    second = program.get(first["next"]).json()
    third = program.get(second["next"]).json()

    seen = [photo["id"] for page in (first, second, third) for photo in page["results"]]
    assert seen == photos[::-1]
    assert third["next"] is None
    assert program.get(third["previous"]).json()["results"] == second["results"]


@pytest.mark.parametrize("limit", ["0", "101", "-1", "x", "", "²", "1" * 5000])
def test_a_limit_that_is_none_is_refused(program: Client, limit: str) -> None:
    assert_problem(program.get(f"{API}/uploads/", {"limit": limit}), 400, "invalid")


@pytest.mark.parametrize("cursor", ["x", "cD1u", "cD0x", "bz0tMQ==", "ÿ"])
def test_a_cursor_that_is_none_leads_nowhere(program: Client, ada: User, cursor: str) -> None:
    make_photo(ada)

    response = program.get(f"{API}/uploads/", {"cursor": cursor})

    assert response.status_code in (200, 404)
