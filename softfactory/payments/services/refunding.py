"""Refunds: wished for, carried out once, and noted when a gateway gave money back by itself."""

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from softfactory.accounts.models import User
from softfactory.accounts.services.emitting import emit
from softfactory.kernel.db.retry import transactional
from softfactory.kernel.money import Money
from softfactory.kernel.nudges import nudge
from softfactory.kernel.problems import Conflict, DomainError
from softfactory.payments.gateways import gateway_of
from softfactory.payments.gateways.protocol import (
    GatewayError,
    RefundOutcome,
    Refused,
    TimedOut,
    Unavailable,
)
from softfactory.payments.models import Payment, Refund
from softfactory.payments.services import entries
from softfactory.payments.services.calling import LEASE, QUIET
from softfactory.payments.services.orders import order_of
from softfactory.payments.services.subjects import lock_subject, tell_subject

WAIT = timedelta(minutes=1)

State = Refund.State


@transactional
def request_refund(
    *, payment: Payment, amount: Money, reason: str, key: str, now: datetime
) -> Refund:
    """Wish that a part of what was taken be given back; the same key asks for it once.

    Raises Conflict if less than that is left of it.
    """
    if known := Refund.objects.filter(payment=payment, key=key).first():
        return known
    if amount.currency != payment.currency:
        raise ValueError("A refund is in the currency of its payment.")
    if amount.amount <= 0:
        raise DomainError("nothing_to_refund", _("Nothing is left of this payment to refund."))
    left = Payment.objects.filter(
        pk=payment.pk,
        state=Payment.State.SUCCEEDED,
        captured_amount__gte=F("refunded_amount") + amount.amount,
    )
    if not left.update(refunded_amount=F("refunded_amount") + amount.amount, updated_at=now):
        message = _("Less than that is left of this payment. Refund at most what is left.")
        raise Conflict("refund_too_large", message)
    refund = Refund.objects.create(
        payment=payment,
        gateway=payment.gateway,
        key=key,
        reason=reason,
        amount=amount.amount,
        due_at=now,
        created_at=now,
        updated_at=now,
    )
    nudge("payments.refund", refund.pk)
    return refund


def refunds_under_way(user: User, currency: str) -> Money:
    """Return what is on its way back to a user's cards, and so is not theirs to use here."""
    return Money(Refund.objects.under_way(user, currency), currency)


def refund_all(payment: Payment, *, now: datetime) -> None:
    """Give back what went through although it was not wished for any more."""
    request_refund(
        payment=payment, amount=payment.captured, reason="Not wanted any more", key="void", now=now
    )


def note_refunds_elsewhere(payment: Payment, refunded: int, *, now: datetime) -> None:
    """Write down what the gateway gave back without being asked by us, in its dashboard say."""
    unknown = refunded - payment.refunded_amount
    if unknown <= 0:
        return
    Payment.objects.filter(pk=payment.pk).update(refunded_amount=refunded, updated_at=now)
    refund = Refund.objects.create(
        payment=payment,
        gateway=payment.gateway,
        key=f"elsewhere:{refunded}",
        reason="At the gateway",
        amount=unknown,
        state=State.SUCCEEDED,
        created_at=now,
        updated_at=now,
    )
    _book(refund, now=now)
    tell_subject(payment)


def settle_refund(pk: int, *, now: datetime) -> None:
    """Carry out a refund, if it is due. Must not be called in a transaction.

    Raises GatewayError if the gateway gave no answer: it is tried again by the clock.
    """
    with transaction.atomic(durable=True):
        refund = Refund.objects.with_payment().claim(pk, now=now, lease=LEASE)
    if refund is None:
        return
    try:
        outcome = _outcome(refund, now=now)
    except GatewayError as error:
        _try_later(refund, error, now=now)
        raise
    except Refused as refused:
        outcome = RefundOutcome(State.FAILED, failure=refused.code)
    _record(refund, outcome, now=now)


def _outcome(refund: Refund, *, now: datetime) -> RefundOutcome:
    gateway, order = gateway_of(refund.gateway), order_of(refund.payment)
    key = f"{order.key}-refund-{refund.pk}"
    if refund.sent_at is not None:
        if truth := gateway.find_refund(order, key=key):
            return truth
        if now - refund.sent_at < QUIET:
            raise TimedOut
        Refund.objects.recorded_by(refund).update(sent_at=now)
    return gateway.refund(order, amount=refund.amount, key=key)


def _try_later(refund: Refund, error: GatewayError, *, now: datetime) -> None:
    columns = {"due_at": now + WAIT, "state": State.UNKNOWN, "updated_at": now}
    if isinstance(error, Unavailable):
        columns |= {"state": refund.state, "sent_at": refund.sent_at}
    Refund.objects.recorded_by(refund).update(**columns)


@transactional
def _record(refund: Refund, outcome: RefundOutcome, *, now: datetime) -> None:
    lock_subject(refund.payment)
    recorded = Refund.objects.recorded_by(refund).update(
        state=outcome.state,
        reference=outcome.reference,
        failure=outcome.failure,
        due_at=None,
        sent_at=None,
        updated_at=now,
    )
    if not recorded:
        return
    if outcome.state == State.SUCCEEDED:
        _book(refund, now=now)
    else:
        left = F("refunded_amount") - refund.amount
        Payment.objects.filter(pk=refund.payment_id).update(refunded_amount=left, updated_at=now)
    tell_subject(refund.payment)


def _book(refund: Refund, *, now: datetime) -> None:
    entries.book_refund(refund, now=now)
    emit("refund.succeeded", refund.pk, to=[refund.payment.user_id], now=now)


def settle_due_refunds(*, now: datetime, at_once: int) -> int:
    """Carry out the refunds that are due, at most so many; returns how many were."""
    done = 0
    for pk in list(Refund.objects.due(now=now).values_list("pk", flat=True)[:at_once]):
        try:
            settle_refund(pk, now=now)
        except TimedOut:
            continue
        except GatewayError:
            break
        done += 1
    return done
