"""What staff see of people and their programs, and what the admin's pages of every app have in common."""

from accounts.admin.people import PersonAdmin
from accounts.admin.programs import ApiTokenAdmin, WebhookAdmin

__all__ = ["ApiTokenAdmin", "PersonAdmin", "WebhookAdmin"]
