"""Paying what is owed while the customer waits for it."""

from datetime import datetime

from softfactory.payments.models import Payment
from softfactory.payments.services.settling import settle_payment
from subscriptions.models import Invoice, Subscription


def settle_payments_of(subscription: Subscription, *, now: datetime) -> Payment | None:
    """Carry out the payments that a subscription waits for, outside of any transaction.

    Returns the last one, as it stands then.
    """
    owed = subscription.invoices.owed().values("pk")
    wished = Payment.objects.filter(subject_kind=Invoice.SUBJECT, subject_id__in=owed)
    last = None
    for payment in wished.order_by("pk"):
        last = settle_payment(payment.pk, now=now)
    return last
