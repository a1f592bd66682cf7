"""Coupons: redeemed with a subscription or later, and used up period by period."""

from datetime import datetime

from django.utils.translation import gettext as _

from softfactory.accounts.models import User
from softfactory.kernel.db.retry import transactional
from softfactory.kernel.problems import Conflict, DomainError
from subscriptions.models import Coupon, Redemption, Subscription
from subscriptions.services.locking import lock_subscription
from subscriptions.services.refusals import wrong_state
from subscriptions.services.terms import redemption_of


def usable_coupon(*, user: User, code: str, currency: str, now: datetime) -> Coupon:
    """Return the coupon that this user may use for prices in a currency.

    Raises DomainError if there is no such coupon, it is over, or the customer has used it up.
    """
    coupon = Coupon.objects.filter(code=code.strip().upper()).first()
    if coupon is None or coupon.is_over(now=now):
        raise DomainError("coupon_unknown", _("This coupon is not known, or its time is over."))
    if coupon.currency and coupon.currency != currency:
        raise DomainError("coupon_currency", _("This coupon is for prices in another currency."))
    if coupon.uses_by(user) >= coupon.per_customer:
        raise DomainError("coupon_used", _("You have used this coupon already."))
    return coupon


def redeem_coupon(*, subscription: Subscription, code: str, now: datetime) -> Redemption:
    """Let a coupon take from the periods of a subscription, whose customer is locked.

    Raises what `usable_coupon` raises.
    """
    user, currency = subscription.user, subscription.currency
    coupon = usable_coupon(user=user, code=code, currency=currency, now=now)
    return Redemption.objects.create(
        coupon=coupon,
        user=user,
        ordinal=coupon.uses_by(user) + 1,
        most=coupon.per_customer,
        subscription=subscription,
        periods_left=coupon.periods_at_first,
        created_at=now,
    )


@transactional
def add_coupon(*, subscription: Subscription, code: str, now: datetime) -> Subscription:
    """Let a coupon take from the periods to come; the current one stays as it was paid.

    Raises Conflict `wrong_state` if none are to come, or `coupon_there`; DomainError for a coupon
    that can't be used.
    """
    current = lock_subscription(subscription)
    require_no_coupon(current)
    redeem_coupon(subscription=current, code=code, now=now)
    return Subscription.objects.with_plans().get(pk=current.pk)


def require_no_coupon(subscription: Subscription) -> None:
    """Raise Conflict unless a coupon can be added: one for each subscription, while it goes on."""
    if not subscription.is_going_on:
        raise wrong_state(subscription)
    if redemption_of(subscription) is not None:
        raise Conflict("coupon_there", _("This subscription has its coupon already."))


def use_coupon(*, subscription: Subscription) -> None:
    """Count the period that begins, which the coupon takes from if it still holds."""
    redemption = redemption_of(subscription)
    if redemption is None:
        return
    redemption.is_applied = redemption.will_apply()
    if redemption.periods_left:
        redemption.periods_left -= 1
    redemption.save(update_fields=["is_applied", "periods_left"])
