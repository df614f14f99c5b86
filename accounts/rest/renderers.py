"""What a view answers with when it is not JSON: the view makes the response, these only stand for its type."""

from __future__ import annotations

from typing import Any

from rest_framework.renderers import BaseRenderer


class AlreadyRendered(BaseRenderer):
    def render(self, data: Any, *args: Any, **kwargs: Any) -> Any:
        return data


class Picture(AlreadyRendered):
    media_type = "image/*"
    format = "picture"


class EventStream(AlreadyRendered):
    media_type = "text/event-stream"
    format = "events"
