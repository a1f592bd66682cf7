"""The pages of one's own account; signing up and in are allauth's."""

from softfactory.accounts.views.account import (
    confirm_revocation,
    create_token,
    show_account,
    show_account_menu,
)
from softfactory.accounts.views.webhooks import (
    confirm_deletion,
    confirm_new_secret,
    list_endpoints,
    new_endpoint,
    show_delivery,
    show_endpoint,
    test_endpoint,
)

__all__ = [
    "confirm_deletion",
    "confirm_new_secret",
    "confirm_revocation",
    "create_token",
    "list_endpoints",
    "new_endpoint",
    "show_account",
    "show_account_menu",
    "show_delivery",
    "show_endpoint",
    "test_endpoint",
]
