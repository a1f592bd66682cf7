"""Coupons: redeemed with a subscription, and used up period by period."""

from datetime import datetime

from django.utils.translation import gettext as _

from softfactory.kernel.problems import DomainError
from subscriptions.models import Coupon, Redemption, Subscription
from subscriptions.services.terms import redemption_of


def redeem_coupon(*, subscription: Subscription, code: str, now: datetime) -> Redemption:
    """Let a coupon take from the periods of a subscription, whose customer is locked.

    Raises DomainError if there is no such coupon, it is over, or the customer has used it up.
    """
    coupon = Coupon.objects.filter(code=code.strip().upper()).first()
    if coupon is None or coupon.is_over(now=now):
        raise DomainError("coupon_unknown", _("This coupon is not known, or its time is over."))
    if coupon.currency and coupon.currency != subscription.currency:
        raise DomainError("coupon_currency", _("This coupon is for prices in another currency."))
    used = Redemption.objects.filter(coupon=coupon, user=subscription.user).count()
    if used >= coupon.per_customer:
        raise DomainError("coupon_used", _("You have used this coupon already."))
    return Redemption.objects.create(
        coupon=coupon,
        user=subscription.user,
        ordinal=used + 1,
        most=coupon.per_customer,
        subscription=subscription,
        periods_left=coupon.periods_at_first,
        created_at=now,
    )


def use_coupon(*, subscription: Subscription) -> None:
    """Count the period that begins, which the coupon takes from if it still holds."""
    redemption = redemption_of(subscription)
    if redemption is None:
        return
    redemption.is_applied = redemption.will_apply()
    if redemption.periods_left:
        redemption.periods_left -= 1
    redemption.save(update_fields=["is_applied", "periods_left"])
