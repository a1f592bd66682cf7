"""Tokens: who may hold which, and for how long."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

from django.db import DatabaseError
from django.utils.translation import gettext as _

from softfactory.accounts.models import SCOPES, ApiToken, User
from softfactory.kernel.db.generations import touch
from softfactory.kernel.problems import DomainError

DEMO_TOKEN = "demo_token"

DEFAULT_DAYS, MOST_DAYS = 90, 365

# How long an expired token is kept, for whoever asks what happened.
KEPT_FOR = timedelta(days=30)


class IssuedToken(NamedTuple):
    """A new token: its row, and the text that is shown this once."""

    row: ApiToken
    text: str


def scopes_of(user: User) -> tuple[str, ...]:
    """Return every scope that this user's tokens may have; monitoring is for staff."""
    if user.is_staff:
        return SCOPES
    return tuple(scope for scope in SCOPES if not scope.startswith("monitoring:"))


def issue_token(
    *,
    user: User,
    now: datetime,
    name: str = "",
    scopes: Sequence[str] | None = None,
    expires_in_days: int = DEFAULT_DAYS,
) -> IssuedToken:
    """Give the user a token with these scopes; without any named, with all of their role.

    Raises DomainError `scope_not_allowed` for a scope that is not their role's.
    """
    allowed = scopes_of(user)
    refused = sorted(set(scopes or ()) - set(allowed))
    if refused:
        message = _("Your account can't give a token these scopes: %(scopes)s. Leave them out.")
        raise DomainError("scope_not_allowed", message % {"scopes": ", ".join(refused)})
    text = ApiToken.new_text()
    row = ApiToken.for_text(
        text,
        user=user,
        name=name,
        scopes=sorted(set(scopes)) if scopes else list(allowed),
        created_at=now,
        expires_at=now + timedelta(days=expires_in_days),
    )
    row.save(force_insert=True)
    return IssuedToken(row, text)


def revoke_token(*, token: ApiToken, now: datetime) -> bool:
    """Let the token open nothing from now on; tell whether it had not been revoked before."""
    with touch("user", token.user_id):
        return ApiToken.objects.filter(pk=token.pk, revoked_at=None).update(revoked_at=now) == 1


def prune_tokens(now: datetime) -> int:
    """Forget tokens that expired a month ago, revoked or not; return how many."""
    expired = ApiToken.objects.expired_before(now - KEPT_FOR)
    if not expired.exists():  # a write, even of nothing, would have answers made anew
        return 0
    with touch("user"):  # nobody's: whoever kept one knows when it expired
        count, _per_model = expired.delete()
    return count


def demo_token_exists() -> bool:
    """Tell whether the token that the demo publishes opens this database's doors."""
    try:
        return ApiToken.objects.filter(digest=ApiToken.digest_of(DEMO_TOKEN)).exists()
    except DatabaseError:  # not migrated yet: there is nothing in it
        return False
