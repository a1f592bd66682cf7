"""Usage: what is metered is counted as it is used, once for each use, and never beyond the quota.

Whoever counts locks the customer, as billing does: so a use is counted in the period that stands,
and of two workers at the last unit one is refused, by a conditional update.
"""

from datetime import datetime

from django.db.models import F

from softfactory.accounts.models import User
from softfactory.kernel.db.retry import transactional
from subscriptions.models import Feature, Subscription, UsagePeriod, UsageRecord
from subscriptions.services.entitlements import Entitlement, allowance_of, allows, refusal_of
from subscriptions.services.locking import lock_customer


@transactional
def record_usage(
    *, user: User, feature: str, quantity: int, key: str, now: datetime
) -> Entitlement:
    """Count a use of something metered; return what is left after it.

    A use is known by its key: whoever reports it again has counted it already. Raises Conflict
    `quota_exceeded`, or `not_in_plan`, if there is not so much left, and has counted nothing then.
    """
    if quantity < 1:
        raise ValueError("A use is one or more.")
    lock_customer(user.pk)
    allowed = allowance_of(user, feature, now=now)
    if allowed.kind != Feature.Kind.METERED:
        raise ValueError(f"{feature} is not metered.")
    if not UsageRecord.objects.filter(user=user, feature=feature, key=key).exists():
        _count(user, allowed, quantity, key, now=now)
    return allows(user, feature, now=now)


def _count(user: User, allowed: Entitlement, quantity: int, key: str, *, now: datetime) -> None:
    period = _period_of(user, allowed) or UsagePeriod.objects.create(
        user=user,
        feature=allowed.feature,
        subscription_id=allowed.subscription_id,
        starts_at=allowed.starts_at,
        created_at=now,
    )
    counter = UsagePeriod.objects.filter(pk=period.pk)
    if allowed.limit is not None:
        counter = counter.filter(used__lte=allowed.limit - quantity)
    if not counter.update(used=F("used") + quantity):
        raise refusal_of(allowed)
    UsageRecord.objects.create(
        period=period,
        user=user,
        feature=allowed.feature,
        key=key,
        quantity=quantity,
        recorded_at=now,
    )


def _period_of(user: User, allowed: Entitlement) -> UsagePeriod | None:
    counter = (allowed.subscription_id, allowed.starts_at)
    return (
        UsagePeriod.objects.counted_in(user.pk, [counter]).filter(feature=allowed.feature).first()
    )


def move_usage(*, subscription: Subscription, to: datetime) -> None:
    """Let what was used go along with a period that is moved, so that no move begins at nothing."""
    counted = UsagePeriod.objects.filter(
        subscription=subscription, starts_at=subscription.current_period_start
    )
    counted.update(starts_at=to)
