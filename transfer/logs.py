"""Log records that name the job they are about, from the request that submitted it to the worker that paints it."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from uuid import UUID

_subject: ContextVar[tuple[str, str]] = ContextVar("subject", default=("", ""))


@contextmanager
def about(kind: str, row_id: UUID) -> Iterator[None]:
    """Whatever is logged within, by whichever module, is about this row; its `kind` is `job` or `generator`."""
    token = _subject.set((kind, str(row_id)))
    try:
        yield
    finally:
        _subject.reset(token)


class NameTheSubject(logging.Filter):
    """Gives each record a field of the subject's kind, and `subject`, which starts a line for people."""

    def filter(self, record: logging.LogRecord) -> bool:
        kind, row_id = _subject.get()
        record.subject = f"{kind} {row_id}: " if kind else ""
        if kind:
            setattr(record, kind, row_id)
        return True
