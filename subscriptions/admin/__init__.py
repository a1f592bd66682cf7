"""The admin of subscriptions, one module per idea."""

from subscriptions.admin.billing import CouponAdmin, InvoiceAdmin, SubscriptionAdmin
from subscriptions.admin.products import ProductAdmin

__all__ = ["CouponAdmin", "InvoiceAdmin", "ProductAdmin", "SubscriptionAdmin"]
