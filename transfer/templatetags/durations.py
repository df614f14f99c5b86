"""Lengths of time as people say them."""

from __future__ import annotations

from math import ceil

from django import template
from django.utils.translation import ngettext

register = template.Library()

MINUTE, HOUR = 60, 3600


@register.filter
def spoken(seconds: float) -> str:
    """`25 seconds`, `4 minutes`, `3 hours`: no finer than anyone can wait for."""
    if seconds < 1.5 * MINUTE:
        count = max(5, 5 * ceil(seconds / 5))
        return ngettext("%(count)d second", "%(count)d seconds", count) % {"count": count}
    if seconds < 1.5 * HOUR:
        count = round(seconds / MINUTE)
        return ngettext("%(count)d minute", "%(count)d minutes", count) % {"count": count}
    count = round(seconds / HOUR)
    return ngettext("%(count)d hour", "%(count)d hours", count) % {"count": count}
