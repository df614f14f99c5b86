"""What somebody was signed in with, in words."""

from __future__ import annotations

from allauth.usersessions.models import UserSession
from django import template
from ua_parser import parse

register = template.Library()


@register.filter
def browser_name(user_agent: str) -> str:
    """Browser and system of a User-Agent header, "Firefox · Linux"; where they are not known, the header itself."""
    known = parse(user_agent)
    names = [part.family for part in (known.user_agent, known.os) if part]
    return " · ".join(names) or user_agent


@register.filter
def current_first(sessions: list[UserSession]) -> list[UserSession]:
    return sorted(sessions, key=lambda session: not session.is_current())
