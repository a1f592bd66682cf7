"""Coupons in words: what they take off, and from how many periods."""

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from subscriptions.models import Coupon, Redemption


def words_for_coupon(coupon: Coupon) -> str:
    """Return what a coupon takes: “50 % off the first 3 periods”."""
    off = _off(coupon)
    count = coupon.periods_at_first
    if count is None:
        return _("%(off)s off every period") % {"off": off}
    words = ngettext("%(off)s off %(count)s period", "%(off)s off %(count)s periods", count)
    return words % {"off": off, "count": count}


def words_for_redemption(redemption: Redemption) -> str:
    """Return what is left of a coupon that a subscription has."""
    off, left = _off(redemption.coupon), redemption.periods_left
    if left is None:
        return _("%(off)s off every period") % {"off": off}
    if left:
        words = ngettext(
            "%(off)s off %(count)s more period", "%(off)s off %(count)s more periods", left
        )
        return words % {"off": off, "count": left}
    if redemption.is_applied:
        return _("%(off)s off this period, the last one that it takes from") % {"off": off}
    return _("Used up")


def _off(coupon: Coupon) -> str:
    if coupon.percent:
        return f"{coupon.percent} %"
    return str(coupon.discount.amount)
