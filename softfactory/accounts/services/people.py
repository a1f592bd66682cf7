"""Users: how they are called, their browser sessions, and the secrets of their second factors."""

from collections.abc import Callable
from datetime import datetime

from allauth.mfa.models import Authenticator
from django.contrib.sessions.models import Session

from softfactory.accounts.models import User
from softfactory.kernel.db.retry import transactional

# What allauth seals of a second factor: an app's secret, and what recovery codes come from.
SEALED = {"secret", "seed"}


def edit_profile(*, user: User, name: str, language: str, timezone: str) -> None:
    """Change how the user is called and spoken to, and nothing else of their row."""
    user.name, user.language, user.timezone = name, language, timezone
    user.save(update_fields=["name", "language", "timezone"])


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
