"""What numbers a setting may have."""

from __future__ import annotations

from math import isfinite

from ml.errors import SettingsError


def check_range(settings: object, name: str, low: float, high: float) -> None:
    """Raises SettingsError, naming the value, where what is called `name` in `settings` is no number from `low` to
    `high`, or no whole one where it is annotated so."""
    value = getattr(settings, name)
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    if not (is_number and isfinite(value) and low <= value <= high):
        raise SettingsError(f"{name} is {value!r}; it must be from {low:g} to {high:g}")
    if type(settings).__annotations__[name] == "int" and not isinstance(value, int):
        raise SettingsError(f"{name} is {value!r}; it must be a whole number")
