"""The named queries of subscriptions, one module per idea."""

from subscriptions.querysets.features import FeatureQuerySet
from subscriptions.querysets.invoices import InvoiceQuerySet
from subscriptions.querysets.products import PlanQuerySet, ProductQuerySet
from subscriptions.querysets.subscriptions import SubscriptionQuerySet
from subscriptions.querysets.usage import UsagePeriodQuerySet

__all__ = [
    "FeatureQuerySet",
    "InvoiceQuerySet",
    "PlanQuerySet",
    "ProductQuerySet",
    "SubscriptionQuerySet",
    "UsagePeriodQuerySet",
]
