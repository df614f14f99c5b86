from __future__ import annotations

import inspect
import os
import uuid
from collections.abc import Iterator

import django_rq
import pytest
from asgiref.sync import async_to_sync
from django.conf import settings
from django.core.cache import cache
from django.test import Client
from django.utils import translation
from rq.worker_registration import REDIS_WORKER_KEYS

from accounts.models import User
from stylesite.embedded import start_valkey
from tests.factories import make_user
from tests.live import LiveSite, live_site


@pytest.hookimpl(tryfirst=True)
def pytest_pyfunc_call(pyfuncitem: pytest.Function) -> bool | None:
    """Run async tests so that their database work stays on the test's own thread and connection."""
    if not inspect.iscoroutinefunction(pyfuncitem.obj):
        return None
    arguments = {name: pyfuncitem.funcargs[name] for name in inspect.signature(pyfuncitem.obj).parameters}
    async_to_sync(pyfuncitem.obj)(**arguments)
    return True


@pytest.fixture(scope="session", autouse=True)
def _valkey() -> Iterator[None]:
    """The embedded Valkey, unless REDIS_URL names a server to test against."""
    if os.environ.get("REDIS_URL"):
        yield
        return
    server = start_valkey(settings.VAR_DIR)
    yield
    server.stop()


@pytest.fixture(autouse=True)
def _fresh_redis(_valkey: None) -> None:
    """Empty queues, no workers, and a cache (with it the rate limits) that no other test has written to."""
    for queue in ("webhooks", "interactive", "standard", "training"):
        django_rq.get_queue(queue).empty()
    # Workers that another test has killed would count as alive for minutes.
    connection = django_rq.get_connection("standard")
    connection.delete(*connection.scan_iter(f"{REDIS_WORKER_KEYS}*"), REDIS_WORKER_KEYS)
    cache.key_prefix = uuid.uuid4().hex


@pytest.fixture(autouse=True)
def _english() -> Iterator[None]:
    """Each test starts in English; one that asked for another language leaves it behind in the thread."""
    with translation.override("en"):
        yield


@pytest.fixture
def ada(db: None) -> User:
    return make_user("ada")


@pytest.fixture
def bob(db: None) -> User:
    return make_user("bob")


@pytest.fixture
def as_ada(ada: User) -> Client:
    client = Client()
    client.force_login(ada)
    return client


@pytest.fixture
def as_bob(bob: User) -> Client:
    client = Client()
    client.force_login(bob)
    return client


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LiveSite]:
    """One whole running site, shared by the tests that walk through it."""
    with live_site(tmp_path_factory.mktemp("site")) as running:
        yield running
