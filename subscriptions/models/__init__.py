"""The tables of subscriptions, one module per idea."""

from subscriptions.models.coupon import Coupon, Redemption
from subscriptions.models.feature import Exemption, Feature, PlanFeature
from subscriptions.models.invoice import Invoice, InvoiceLine, InvoiceSeries
from subscriptions.models.product import Plan, Product
from subscriptions.models.subscription import DayOfChanges, Subscription
from subscriptions.models.usage import UsagePeriod, UsageRecord

__all__ = [
    "Coupon",
    "DayOfChanges",
    "Exemption",
    "Feature",
    "Invoice",
    "InvoiceLine",
    "InvoiceSeries",
    "Plan",
    "PlanFeature",
    "Product",
    "Redemption",
    "Subscription",
    "UsagePeriod",
    "UsageRecord",
]
