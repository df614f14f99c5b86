"""How much a work is talked about just now, as one number that need not be touched as time goes by.

Each like counts for half as much with every week that passes, and publishing counts as one like, so that new works are
seen at all. At time t the likes made at t₁ … tₙ are worth

    score(t) = Σ 2^((tᵢ − t) / H),  H = 7 days.

All works' scores fall by the same factor, so their order changes only through likes. Kept is therefore the score at a
fixed time, the epoch, as its logarithm, for the sum itself would overflow within two decades:

    trend = log₂ Σ 2^aᵢ,  aᵢ = (tᵢ − epoch) / H,  the like's age.

One more like of age a makes it a + log₂(1 + 2^(trend − a)), in one UPDATE of the row, and one like less
a + log₂(2^(trend − a) − 1). The column is indexed: the trending works are its largest values.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from math import log, log2
from typing import Any

from django.db.models import F, FloatField, Value
from django.db.models.functions import Cast, Greatest, Ln, Power

HALF_LIFE = timedelta(days=7)
EPOCH = datetime(2026, 1, 1, tzinfo=UTC)
# 2^-60 is nothing beside 1 for a double, and PostgreSQL refuses powers that underflow.
NOTHING = -60.0


def age_at(time: datetime) -> float:
    """Half-lives from the epoch to `time`."""
    return (time - EPOCH) / HALF_LIFE


def trend_of(ages: Iterable[float]) -> float:
    """What the likes of these ages, publishing among them, amount to."""
    sorted_ages = sorted(ages)
    return sorted_ages[-1] + log2(sum(2.0 ** max(age - sorted_ages[-1], NOTHING) for age in sorted_ages))


def with_like(age: Any) -> Any:
    """The column's new value when a like of this age (a number or an expression) is added."""
    return age + _log2(Value(1.0) + _surplus(age))


def without_like(age: Any) -> Any:
    """The column's new value without it; never less than publishing alone might be worth after rounding."""
    return age + _log2(Greatest(_surplus(age) - Value(1.0), Value(2.0**NOTHING)))


def _surplus(age: Any) -> Any:
    return Power(Value(2.0), Greatest(Cast(F("trend") - age, FloatField()), Value(NOTHING)))


def _log2(value: Any) -> Any:
    return Ln(value) / Value(log(2))
