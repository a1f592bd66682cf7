"""What becomes of an invoice's payment: paid, tried again on a schedule, or given up.

A failed payment is tried again 1, 3, 7 and 14 days after the invoice was issued, as soon as the
customer adds a card, and whenever they ask. What the plan allows stays allowed for a week of that.
After the last attempt the subscription ends, and what is owed for it is written off. A first
period that can't be paid ends the subscription at once.
"""

import logging
from datetime import datetime, timedelta

from django.utils.translation import gettext as _

from softfactory.accounts.services.emitting import emit
from softfactory.kernel.db.generations import touch
from softfactory.kernel.db.retry import transactional
from softfactory.kernel.nudges import nudge
from softfactory.kernel.problems import Conflict, DomainError
from softfactory.payments.models import Payment
from subscriptions.models import Invoice, Subscription
from subscriptions.services.invoicing import charge_invoice, give_up_invoice, void_invoice
from subscriptions.services.locking import lock_subscription, write_subscription
from subscriptions.services.stopping import end_subscription

logger = logging.getLogger(__name__)

RETRIES = tuple(timedelta(days=days) for days in (1, 3, 7, 14))  # after the invoice was issued
GRACE = timedelta(days=7)

Status = Subscription.Status


@transactional
def on_payment_settled(invoice_id: int, payment_id: int) -> None:
    """Hear how the payment of an invoice ended.

    Money that comes after the invoice was voided or given up stays on the customer's account.
    """
    payment = Payment.objects.get(pk=payment_id)
    invoice, subscription = _locked(invoice_id)
    if invoice.status != Invoice.Status.OPEN:
        return
    now = payment.updated_at
    if payment.state == Payment.State.SUCCEEDED:
        _note_paid(subscription, invoice, now=now)
    elif payment.attempt == invoice.attempts:
        note_failure(subscription=subscription, invoice=invoice, now=now)


def retry_payments(now: datetime) -> int:
    """Try again what failed and is due; returns how many attempts were made."""
    made = 0
    for pk in list(Invoice.objects.to_retry(now=now).values_list("pk", flat=True)):
        try:
            made += _retry(pk, now=now)
        except Exception:
            logger.exception("Invoice %s could not be tried again", pk)
    return made


@transactional
def pay_invoice(*, invoice: Invoice, now: datetime) -> Invoice:
    """Let the customer's card pay an open invoice now, whenever its next attempt would be.

    Raises Conflict if it is not open, or an attempt is on its way; DomainError `card_missing`.
    """
    current, subscription = _locked(invoice.pk)
    if current.status != Invoice.Status.OPEN:
        message = _("There is nothing to be paid: the invoice is “%(state)s”.")
        raise Conflict("wrong_state", message % {"state": current.get_status_display()})
    if current.retry_at is None:
        message = _("A payment is on its way. Look again in a minute.")
        raise Conflict("payment_under_way", message)
    charge_invoice(invoice=current, user=subscription.user, now=now)
    return current


def note_failure(*, subscription: Subscription, invoice: Invoice, now: datetime) -> None:
    """Write down that an open invoice could not be paid; the customer is locked, and hears of it.

    Says when it is tried again. If that is never, the subscription ends.
    """
    upcoming = [at for wait in RETRIES if (at := invoice.issued_at + wait) > now]
    if invoice.kind == Invoice.Kind.OPENING:
        void_invoice(invoice=invoice, now=now)
        end_subscription(subscription, at=now)
    elif upcoming:
        Invoice.objects.filter(pk=invoice.pk).update(retry_at=upcoming[0])
        _begin_grace(subscription, now=now)
        nudge("subscriptions.payment_failed", invoice.pk)
    else:
        for owed in subscription.invoices.owed():
            give_up_invoice(invoice=owed, now=now)
        end_subscription(subscription, at=now)
        nudge("subscriptions.given_up", invoice.pk)


def _locked(invoice_id: int) -> tuple[Invoice, Subscription]:
    """Return an invoice and its subscription as they stand, with their customer locked."""
    subscription = lock_subscription(Subscription.objects.get(invoices=invoice_id))
    return Invoice.objects.get(pk=invoice_id), subscription


def _note_paid(subscription: Subscription, invoice: Invoice, *, now: datetime) -> None:
    Invoice.objects.filter(pk=invoice.pk).update(
        status=Invoice.Status.PAID, paid_at=now, retry_at=None
    )
    emit("invoice.paid", invoice.pk, to=[invoice.user_id], now=now)
    if subscription.status == Status.PAST_DUE and not subscription.invoices.owed().exists():
        write_subscription(subscription, status=Status.ACTIVE, grace_ends_at=None)
        emit("subscription.updated", subscription.pk, to=[subscription.user_id], now=now)


def _begin_grace(subscription: Subscription, *, now: datetime) -> None:
    """Let an active subscription be past due. One that never was active has no grace."""
    active = Subscription.objects.filter(pk=subscription.pk, status=Status.ACTIVE)
    with touch("entitlements", subscription.user_id):
        is_new = active.update(status=Status.PAST_DUE, grace_ends_at=now + GRACE)
    if is_new:
        emit("subscription.updated", subscription.pk, to=[subscription.user_id], now=now)


@transactional
def _retry(pk: int, *, now: datetime) -> bool:
    invoice, subscription = _locked(pk)
    if not Invoice.objects.to_retry(now=now).filter(pk=pk).exists():
        return False
    try:
        charge_invoice(invoice=invoice, user=subscription.user, now=now)
    except DomainError:  # there is no card
        note_failure(subscription=subscription, invoice=invoice, now=now)
        return False
    return True
