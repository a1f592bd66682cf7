"""Who may call: everybody what is public, staff what is staff's, the rest by sign-in and scope."""

from typing import Any

from django.utils.translation import gettext as _
from rest_framework.exceptions import PermissionDenied
from rest_framework.permissions import SAFE_METHODS, BasePermission
from rest_framework.request import Request


class MissingScope(PermissionDenied):
    """The token may not do this."""

    default_code = "scope_missing"


class HasScope(BasePermission):
    """Deny by default. A token needs `<view.scope>:read` or `:write`; a session has them all."""

    def has_permission(self, request: Request, view: Any) -> bool:
        # Whoever asks is told which methods there are: by OPTIONS, and by 405 for another one.
        if view.is_public or view.action in (None, "metadata"):
            return True
        if not request.user.is_authenticated:
            return False
        if view.is_for_staff and not request.user.is_staff:
            return False
        token: Any = request.auth
        if token is None:
            return True
        access = "read" if request.method in SAFE_METHODS else "write"
        scope = f"{view.scope}:{access}"
        if scope not in token.scopes:
            message = _("This token lacks the scope %(scope)s. Issue one that has it.")
            raise MissingScope(message % {"scope": scope})
        return True
