"""How many requests a minute the API answers."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import TYPE_CHECKING

from django.conf import settings
from redis.exceptions import RedisError
from rest_framework.request import Request
from rest_framework.throttling import AnonRateThrottle, UserRateThrottle

if TYPE_CHECKING:
    from rest_framework.views import APIView

logger = logging.getLogger(__name__)


class PersonRate(UserRateThrottle):
    """Of one person, over all of their tokens."""

    scope = "api"

    def get_rate(self) -> str:
        return f"{settings.API_REQUESTS_PER_MINUTE}/minute"

    def get_cache_key(self, request: Request, view: APIView) -> str | None:
        return super().get_cache_key(request, view) if request.user.is_authenticated else None

    def allow_request(self, request: Request, view: APIView) -> bool:
        return _allowed(super().allow_request, request, view)


class StrangerRate(AnonRateThrottle):
    """Of one address from which nobody has signed in."""

    scope = "api-strangers"

    def get_rate(self) -> str:
        return f"{settings.API_STRANGERS_REQUESTS_PER_MINUTE}/minute"

    def allow_request(self, request: Request, view: APIView) -> bool:
        return _allowed(super().allow_request, request, view)


def _allowed(allow_request: Callable[..., bool], request: Request, view: APIView) -> bool:
    """While Redis is away nobody is counted: the API answers as the pages do."""
    try:
        return allow_request(request, view)
    except RedisError:
        logger.warning("requests are not counted while Redis is away", exc_info=True)
        return True
