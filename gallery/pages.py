"""Pages by cursor: each begins after the last row of the one before, found in an index.

However far one has paged, a page costs the same, for nothing is skipped over or counted; and what is published
meanwhile moves no work from one page to the next.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Generic, TypeVar

from django.core.exceptions import ValidationError
from django.db.models import F, Model, QuerySet
from django.db.models.fields.tuple_lookups import Tuple, TupleGreaterThan, TupleLessThan

BETWEEN = "~"

Row = TypeVar("Row", bound=Model)


@dataclass(frozen=True)
class Page(Generic[Row]):
    """Some rows, and the cursors of the pages beside them, where there are any."""

    rows: list[Row]
    older: str = ""
    newer: str = ""
    is_first: bool = True


def page_of(rows: QuerySet[Row], keys: tuple[str, ...], size: int, older: str = "", newer: str = "") -> Page[Row]:
    """The page that begins after the cursor `older`, or that ends before `newer`; the first without a cursor.

    `keys` are columns in whose order, the largest first, the rows stand; together they are unique. A cursor that makes
    no sense is passed over.
    """
    if newer and (values := _values(rows.model, keys, newer)):
        return _newer_than(rows, keys, values, size)
    values = _values(rows.model, keys, older) if older else None
    if values:
        rows = rows.filter(TupleLessThan(Tuple(*map(F, keys)), values))
    found = list(rows.order_by(*(f"-{key}" for key in keys))[: size + 1])
    page = found[:size]
    return Page(
        page,
        older=_cursor(page[-1], keys) if len(found) > size else "",
        newer=_cursor(page[0], keys) if values and page else "",
        is_first=not values,
    )


def _newer_than(rows: QuerySet[Row], keys: tuple[str, ...], values: list[Any], size: int) -> Page[Row]:
    nearest = rows.filter(TupleGreaterThan(Tuple(*map(F, keys)), values)).order_by(*keys)
    found = list(nearest[: size + 1])
    if len(found) <= size:
        # At the top: the first page, full.
        return page_of(rows, keys, size)
    page = found[:size][::-1]
    return Page(page, older=_cursor(page[-1], keys), newer=_cursor(page[0], keys), is_first=False)


def _cursor(row: Model, keys: tuple[str, ...]) -> str:
    return BETWEEN.join(_text(getattr(row, key)) for key in keys)


def _text(value: Any) -> str:
    return value.astimezone(UTC).isoformat() if isinstance(value, datetime) else str(value)


def _values(model: type[Model], keys: tuple[str, ...], cursor: str) -> list[Any] | None:
    texts = cursor.split(BETWEEN)
    if len(texts) != len(keys):
        return None
    try:
        return [_value(model, key, text) for key, text in zip(keys, texts, strict=True)]
    except (ValidationError, ValueError, OverflowError):
        return None


def _value(model: type[Model], key: str, text: str) -> Any:
    """Validated as the column's, for anyone may write anything into an address."""
    value = model._meta.get_field(key).clean(text, None)  # type: ignore[union-attr]
    return value.astimezone(UTC) if isinstance(value, datetime) else value
