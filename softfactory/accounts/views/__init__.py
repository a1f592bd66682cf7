"""The pages of one's own account; signing up and in are allauth's."""

from softfactory.accounts.views.account import (
    confirm_revocation,
    create_token,
    show_account,
    show_account_menu,
)

__all__ = ["confirm_revocation", "create_token", "show_account", "show_account_menu"]
