"""The account's pages that allauth does not have. They only translate HTTP to services and back."""

from accounts.views.own import delete_account, download_own_data, own_data
from accounts.views.programs import token_new, token_revoke, tokens, webhook_remove, webhooks

__all__ = [
    "delete_account",
    "download_own_data",
    "own_data",
    "token_new",
    "token_revoke",
    "tokens",
    "webhook_remove",
    "webhooks",
]
