"""What the API says of itself, tried with whatever its description allows and with what it forbids."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections, transaction
from drf_spectacular.generators import SchemaGenerator
from hypothesis import HealthCheck, Phase, settings
from schemathesis import Case
from schemathesis.specs.openapi.checks import response_schema_conformance

from accounts import webhooks
from accounts.models import User
from accounts.webhooks import add_webhook
from tests.factories import encode, make_artwork, make_finished_job, make_generator, make_image, make_user
from tests.programs import make_token

EXAMPLES = 25
IS_UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
CONFIG = schemathesis.Config.from_dict({"seed": 1, "generation": {"deterministic": True, "max-examples": EXAMPLES}})
api = schemathesis.openapi.from_dict(SchemaGenerator().get_schema(public=True), config=CONFIG)  # type: ignore[no-untyped-call]
api.app = get_wsgi_application()


# What a field of a body names.
RESOURCES = (("photo", "uploads"), ("style", "styles"), ("generator", "generators"), ("job", "jobs"))


@pytest.fixture
def _one_connection() -> Iterator[None]:
    """As Django's own test client has it: a request leaves the test's connection open."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


@pytest.fixture
def _no_limits(settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing but the description limits what is sent."""
    settings.ALLOWED_HOSTS = ["*"]
    settings.API_REQUESTS_PER_MINUTE = settings.API_STRANGERS_REQUESTS_PER_MINUTE = 1_000_000
    monkeypatch.setattr(webhooks, "WEBHOOKS_MAX", 1_000_000)
    settings.GALLERY_ACTS_PER_MINUTE = settings.REPORTS_PER_DAY = 1_000_000
    settings.UPLOADS_PER_HOUR = settings.UNFINISHED_JOBS_PER_USER = 1_000_000


@pytest.fixture
def things(ada: User) -> dict[str, str]:
    """The ids of what there is, by the resource that they are of."""
    job, generator = make_finished_job(ada), make_generator()
    work = make_artwork(make_user("bob"))
    return {
        "jobs": str(job.pk),
        "uploads": str(job.photo_id),
        "styles": str(job.style_id),
        "generators": str(generator.pk),
        "works": str(work.pk),
        "webhooks": str(add_webhook(user=ada, url="https://example.org/").pk),
    }


@pytest.fixture
def secret(ada: User) -> str:
    return make_token(ada)


@pytest.mark.usefixtures("_one_connection", "_no_limits")
@pytest.mark.filterwarnings("ignore:StreamingHttpResponse must consume")
@api.parametrize()
@settings(
    deadline=None,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=[*HealthCheck],
)
def test_the_api_keeps_what_it_promises(case: Case, things: dict[str, str], secret: str) -> None:
    """No error of the site's own, no answer that is not described, nothing accepted that is not valid."""
    name_what_exists(case, things)
    # Its events are text to a client, and objects to this check.
    unfit = [response_schema_conformance] if case.path.endswith("/events/") else []
    # Schemathesis asks applications in its own process for compressed answers, and does not unpack them.
    headers = {"Authorization": f"Bearer {secret}", "Accept-Encoding": "identity"}
    with transaction.atomic():
        case.call_and_validate(headers=headers, excluded_checks=unfit)
        transaction.set_rollback(True)


def name_what_exists(case: Case, things: dict[str, str]) -> None:
    """Put real ids where an id is asked for and one of the right form was drawn."""
    if IS_UUID.fullmatch(str(case.path_parameters.get("id"))):
        case.path_parameters["id"] = things[case.operation.path.split("/")[3]]
    for field, resource in RESOURCES:
        if isinstance(case.body, dict) and IS_UUID.fullmatch(str(case.body.get(field))):
            case.body[field] = things[resource]
    if case.meta and case.meta.generation.mode.is_positive and isinstance(case.body, dict):
        make_it_whole(case.body, things)


def make_it_whole(body: dict[str, Any], things: dict[str, str]) -> None:
    """Keep the rules that no schema can say: of pictures, of addresses, and of what goes with what."""
    if "image" in body:
        body["image"] = encode(make_image())
    if "url" in body:
        body["url"] = "https://example.org/told"
    if body.get("mix"):
        # Its first style is the order's, and no style stands in it twice.
        body["mix"] = [body["mix"][0] | {"style": body["style"], "mask": None}]
    if body.get("init") == "gan":
        body["generator"] = things["generators"]
    else:
        body.pop("generator", None)
