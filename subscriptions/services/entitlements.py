"""Entitlements: what a user may use now, and how much of it is left.

Of several subscriptions, and of what is free, the most generous one decides, for what is metered
too: its period is the one that counts. What ends with a grace, or with a period, is asked at the
moment of the question. Nobody is limited in what is not listed as a feature: it is not sold.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from django.utils.translation import gettext as _

from softfactory.accounts.models import User
from softfactory.kernel.problems import Conflict
from softfactory.kernel.registry import counted
from subscriptions.models import Feature, UsagePeriod
from subscriptions.periods import calendar_month
from subscriptions.services.holdings import Allowed, Holdings, holdings_of

Kind = Feature.Kind


class Source(StrEnum):
    """What somebody is allowed a thing by."""

    FREE = "free"  # nobody needs a plan for it
    SUBSCRIPTION = "subscription"
    EXEMPTION = "exemption"  # no plan limits them


@dataclass(frozen=True, slots=True)
class Entitlement:
    """What a user may use of a feature. `limit` None is any number, `used` None is not counted."""

    feature: str
    name: str
    kind: str
    limit: int | None
    source: Source
    # The period in which it is counted, if it is metered; of a free month, what names it.
    starts_at: datetime
    ends_at: datetime
    subscription_id: int | None = None
    used: int | None = None

    def __bool__(self) -> bool:
        """The same, so that `if allows(…)` means what it says."""
        return self.is_allowed

    @property
    def is_allowed(self) -> bool:
        """Whether it may be used, once (more)."""
        return self.has_room_for(1)

    @property
    def left(self) -> int | None:
        """How often it may be used still; None for any number, or if it is not counted."""
        if self.limit is None or self.used is None:
            return None
        return max(self.limit - self.used, 0)

    def has_room_for(self, quantity: int) -> bool:
        """Tell whether so many more are allowed."""
        return self.limit is None or (self.used or 0) + quantity <= self.limit


def allows(user: User, feature: str, *, now: datetime, used: int | None = None) -> Entitlement:
    """Return what the user may use of a feature, by its key, at an instant.

    No query once it is known; `used` is how many there are, for whoever has counted them. Else
    they are counted here: what is metered by its count, what is limited by whoever registered how.
    """
    found = allowance_of(user, feature, now=now)
    return replace(found, used=used) if used is not None else _counted(user, [found])[0]


def require(user: User, feature: str, *, now: datetime, used: int | None = None) -> Entitlement:
    """Return the same. Raises Conflict if it is not allowed: `not_in_plan`, `limit_reached`
    or `quota_exceeded`.
    """
    found = allows(user, feature, now=now, used=used)
    if not found.is_allowed:
        raise refusal_of(found)
    return found


def entitlements_of(user: User, *, now: datetime) -> list[Entitlement]:
    """Return what the user may use of every feature there is, and how much of it is used."""
    holdings = holdings_of(user.pk)
    every = [_found(holdings, feature, user, now=now) for feature in holdings.features]
    return _counted(user, every)


def allowance_of(user: User, feature: str, *, now: datetime) -> Entitlement:
    """Return what the user may use of a feature, not counted."""
    return _found(holdings_of(user.pk), feature, user, now=now)


def refusal_of(found: Entitlement) -> Conflict:
    """Return the refusal of what is not allowed, or used up."""
    if not found.limit:
        message = _("Your plan does not have this: %(feature)s. Choose one that does.")
        return Conflict("not_in_plan", message % {"feature": found.name})
    if found.kind == Kind.METERED:
        message = _("You have used up what your plan allows of this: %(feature)s.")
        return Conflict("quota_exceeded", message % {"feature": found.name})
    message = _(
        "Your plan has %(limit)s of this: %(feature)s. Remove some, or choose a larger plan."
    )
    return Conflict("limit_reached", message % {"feature": found.name, "limit": found.limit})


def _found(holdings: Holdings, key: str, user: User, *, now: datetime) -> Entitlement:
    """Return what is allowed, not counted yet."""
    listed = holdings.features.get(key, Allowed(key, key, Kind.METERED, None))
    starts_at, ends_at = calendar_month(user.timezone, now=now)
    free = Entitlement(key, listed.name, listed.kind, listed.free, Source.FREE, starts_at, ends_at)
    if holdings.is_exempt:
        return replace(free, limit=None, source=Source.EXEMPTION)
    granted = [
        replace(
            free,
            limit=grant.value,
            source=Source.SUBSCRIPTION,
            starts_at=grant.starts_at,
            ends_at=grant.ends_at,
            subscription_id=grant.subscription_id,
        )
        for grant in holdings.grants.get(key, ())
        if grant.until is None or now < grant.until
    ]
    # Of equals a subscription, the first one: so that the same period goes on counting.
    return max([*sorted(granted, key=lambda one: one.subscription_id or 0), free], key=_generosity)


def _generosity(one: Entitlement) -> tuple[bool, int]:
    return one.limit is None, one.limit or 0


def _counted(user: User, found: Sequence[Entitlement]) -> list[Entitlement]:
    """Return them with how much is used: all that is metered by one query."""
    metered = {(one.subscription_id, one.starts_at) for one in found if one.kind == Kind.METERED}
    rows = UsagePeriod.objects.counted_in(user.pk, metered) if metered else ()
    used = {(row.feature, row.subscription_id, row.starts_at): row.used for row in rows}
    return [replace(one, used=_used(user, one, used)) for one in found]


def _used(user: User, one: Entitlement, metered: Mapping[tuple, int]) -> int | None:
    if one.kind == Kind.BOOLEAN:
        return 0
    if one.kind == Kind.METERED:
        return metered.get((one.feature, one.subscription_id, one.starts_at), 0)
    count = counted.get(one.feature)
    return count(user.pk) if count else None
