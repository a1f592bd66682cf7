"""Forms of subscriptions, one module per idea."""

from subscriptions.forms.coupons import CouponForm
from subscriptions.forms.credits import CreditForm

__all__ = ["CouponForm", "CreditForm"]
