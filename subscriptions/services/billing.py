"""Billing the period that begins."""

from datetime import datetime

from subscriptions.models import Invoice, Subscription
from subscriptions.pricing import price_of_period
from subscriptions.services.coupons import use_coupon
from subscriptions.services.invoicing import issue_invoice
from subscriptions.services.terms import TAX_RATE, current_term


def bill_period(*, subscription: Subscription, kind: str, now: datetime) -> Invoice:
    """Issue the invoice for the current period, which begins; the customer is locked."""
    use_coupon(subscription=subscription)
    term = current_term(subscription)
    return issue_invoice(
        subscription=subscription,
        kind=kind,
        quote=price_of_period(term, tax_rate=TAX_RATE),
        starts_at=term.starts_at,
        ends_at=term.ends_at,
        now=now,
    )
