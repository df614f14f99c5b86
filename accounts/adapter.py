"""What allauth leaves to the site."""

from __future__ import annotations

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django.core.mail import EmailMessage, EmailMultiAlternatives

from accounts.letters import html_of


class OwnLetters(DefaultAccountAdapter):  # type: ignore[misc]
    """Its e-mails in the site's design."""

    def render_mail(self, *args: Any, **kwargs: Any) -> EmailMessage:
        message: EmailMessage = super().render_mail(*args, **kwargs)
        if isinstance(message, EmailMultiAlternatives) and not message.alternatives:
            message.attach_alternative(html_of(str(message.subject), str(message.body)), "text/html")
        return message
