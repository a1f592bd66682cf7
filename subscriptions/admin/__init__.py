"""The admin of subscriptions, one module per idea."""

from subscriptions.admin.billing import SubscriptionAdmin
from subscriptions.admin.coupons import CouponAdmin
from subscriptions.admin.invoices import InvoiceAdmin
from subscriptions.admin.products import ExemptionAdmin, FeatureAdmin, PlanAdmin, ProductAdmin

__all__ = [
    "CouponAdmin",
    "ExemptionAdmin",
    "FeatureAdmin",
    "InvoiceAdmin",
    "PlanAdmin",
    "ProductAdmin",
    "SubscriptionAdmin",
]
