"""The rules of accounts: who may hold which token, and for how long."""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

from allauth.mfa.models import Authenticator
from django.contrib.sessions.models import Session
from django.db import DatabaseError
from django.utils.translation import gettext as _

from softfactory.accounts.models import SCOPES, ApiToken, User
from softfactory.kernel.db.generations import touch
from softfactory.kernel.db.retry import transactional
from softfactory.kernel.problems import DomainError

DEMO_TOKEN = "demo_token"

DEFAULT_DAYS, MOST_DAYS = 90, 365

# What allauth seals of a second factor: an app's secret, and what recovery codes come from.
SEALED = {"secret", "seed"}

# How long an expired token is kept, for whoever asks what happened.
KEPT_FOR = timedelta(days=30)


class IssuedToken(NamedTuple):
    """A new token: its row, and the text that is shown this once."""

    row: ApiToken
    text: str


def edit_profile(*, user: User, name: str, language: str, timezone: str) -> None:
    """Change how the user is called and spoken to, and nothing else of their row."""
    user.name, user.language, user.timezone = name, language, timezone
    user.save(update_fields=["name", "language", "timezone"])


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
    with touch("user"):  # nobody's: whoever kept one knows when it expired
        count, _per_model = ApiToken.objects.expired_before(now - KEPT_FOR).delete()
    return count


def prune_sessions(now: datetime) -> int:
    """Forget browser sessions that are over; return how many."""
    count, _per_model = Session.objects.filter(expire_date__lt=now).delete()
    return count


def reseal_second_factors(reseal: Callable[[str], str]) -> int:
    """Seal the secrets of all second factors anew; return how many factors there are."""
    keys = list(Authenticator.objects.values_list("pk", flat=True))
    return sum(_reseal_second_factor(pk, reseal) for pk in keys)


@transactional
def _reseal_second_factor(pk: int, reseal: Callable[[str], str]) -> bool:
    """A recovery code may be used meanwhile, which is kept in the same column."""
    factor = Authenticator.objects.select_for_update().filter(pk=pk).first()
    if factor is None:
        return False
    factor.data |= {name: reseal(factor.data[name]) for name in SEALED & factor.data.keys()}
    factor.save(update_fields=["data"])
    return True


def demo_token_exists() -> bool:
    """Tell whether the token that the demo publishes opens this database's doors."""
    try:
        return ApiToken.objects.filter(digest=ApiToken.digest_of(DEMO_TOKEN)).exists()
    except DatabaseError:  # not migrated yet: there is nothing in it
        return False
