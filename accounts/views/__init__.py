"""The account's pages that allauth does not have. They only translate HTTP to services and back."""

from accounts.views.own import delete_account, download_own_data, own_data, session_end
from accounts.views.preferences import mail_stop, notifications, tour_end
from accounts.views.programs import token_new, token_revoke, tokens, webhook_remove, webhooks

__all__ = [
    "delete_account",
    "download_own_data",
    "mail_stop",
    "notifications",
    "own_data",
    "session_end",
    "token_new",
    "token_revoke",
    "tokens",
    "tour_end",
    "webhook_remove",
    "webhooks",
]
