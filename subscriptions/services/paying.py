"""Paying what is owed while the customer waits for it."""

from datetime import datetime

from django.db import models

from softfactory.payments.models import Payment
from softfactory.payments.services.settling import settle_payment
from subscriptions.models import Invoice, Subscription


def settle_payments_of(subscription: Subscription, *, now: datetime) -> Payment | None:
    """Carry out the payments that a subscription waits for, outside of any transaction.

    Returns the last one, as it stands then.
    """
    last = None
    for payment in _payments_of(subscription).order_by("pk"):
        last = settle_payment(payment.pk, now=now)
    return last


def last_payment_of(subscription: Subscription) -> Payment | None:
    """Return the last attempt to pay what a subscription owes, if there was one."""
    return _payments_of(subscription).order_by("pk").last()


def _payments_of(subscription: Subscription) -> models.QuerySet[Payment]:
    owed = subscription.invoices.owed().values("pk")
    return Payment.objects.filter(subject_kind=Invoice.SUBJECT, subject_id__in=owed)
