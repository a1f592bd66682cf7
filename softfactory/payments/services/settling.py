"""What becomes of wishes: the gateway is called, or asked, and its answer written down.

Whoever carries out a payment claims it for a while, calls the gateway outside of any transaction,
and records the outcome in one, under the token of the claim. Killed between the two, it leaves a
call whose answer nobody knows: whoever comes next asks the gateway what became of it, and sends
nothing again before the gateway has had time to hear of the first.
"""

import logging
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Case, DateTimeField, Value, When

from softfactory.accounts.services.emitting import emit
from softfactory.kernel.db.retry import transactional
from softfactory.payments.gateways import gateway_of
from softfactory.payments.gateways.protocol import (
    Gateway,
    GatewayError,
    Order,
    Outcome,
    Refused,
    TimedOut,
    Unavailable,
)
from softfactory.payments.models import Payment
from softfactory.payments.services import entries
from softfactory.payments.services.calling import LEASE, QUIET
from softfactory.payments.services.orders import order_of
from softfactory.payments.services.refunding import note_refunds_elsewhere, refund_all
from softfactory.payments.services.subjects import lock_subject, tell_subject

logger = logging.getLogger(__name__)

PATIENCE = timedelta(hours=23)  # with customers whose bank wants to hear from them
WAITS = [timedelta(seconds=seconds) for seconds in (5, 15, 60, 300)]

Wish, State = Payment.Wish, Payment.State

#: What webhooks tell of a payment that comes to rest.
EVENTS: dict[str, str] = {State.SUCCEEDED: "payment.succeeded", State.FAILED: "payment.failed"}

type Act = Callable[[Gateway, Order, Payment], Outcome]

#: What is sent to a gateway for a wish, where a payment stands. Anything else is asked about.
ACTS: dict[tuple[str, str], Act] = {
    (Wish.CHARGE, State.CREATED): lambda gateway, order, _payment: gateway.charge(order),
    (Wish.HOLD, State.CREATED): lambda gateway, order, _payment: gateway.authorize(order),
    (Wish.CAPTURE, State.AUTHORIZED): lambda gateway, order, payment: gateway.capture(
        order, payment.capture_amount
    ),
    (Wish.VOID, State.CREATED): lambda _gateway, _order, _payment: Outcome(State.VOIDED),
    (Wish.VOID, State.AUTHORIZED): lambda gateway, order, _payment: gateway.void(order),
    (Wish.VOID, State.REQUIRES_ACTION): lambda gateway, order, _payment: gateway.void(order),
}


def settle_payment(pk: int, *, now: datetime) -> Payment:
    """Carry out what is wished of a payment, if it is due, and return the payment.

    Must not be called in a transaction. What the gateway does not answer is left to the clock.
    """
    with suppress(GatewayError):
        _carry_out(pk, now=now)
    return Payment.objects.get(pk=pk)


def _carry_out(pk: int, *, now: datetime) -> None:
    """The same. Raises GatewayError if the gateway gave no answer, which is recorded."""
    with transaction.atomic(durable=True):
        payment = Payment.objects.claim(pk, now=now, lease=LEASE)
    if payment is None:
        return
    try:
        outcome = _answer(payment, now=now)
    except TimedOut:
        is_over = payment.state in Payment.OVER  # and was looked at once more
        _try_later(payment, state=payment.state if is_over else State.UNKNOWN, now=now)
        raise
    except Unavailable:
        _try_later(payment, state=payment.state, sent_at=payment.sent_at, now=now)
        raise
    record(payment, outcome, now=now)


def _answer(payment: Payment, *, now: datetime) -> Outcome:
    """Return what the gateway says; refused to begin is failed, any other refusal looked into."""
    gateway, order = gateway_of(payment.gateway), order_of(payment)
    try:
        return _outcome(payment, gateway, order, now=now)
    except Refused as refused:
        logger.warning("Payment %s was refused: %s", payment.pk, refused)
        if payment.wish in (Wish.CHARGE, Wish.HOLD):
            return Outcome(State.FAILED, failure=refused.code)
    truth = _asked(gateway, order)
    if truth.state == State.AUTHORIZED:
        raise Unavailable  # it stays wished for
    return truth


def _outcome(payment: Payment, gateway: Gateway, order: Order, *, now: datetime) -> Outcome:
    if payment.sent_at is None:
        act = ACTS.get((payment.wish, payment.state))
        return act(gateway, order, payment) if act else _asked(gateway, order)
    truth = gateway.find(order)
    if truth is None:
        if now - payment.sent_at < QUIET:
            raise TimedOut
        truth = Outcome(State.CREATED)
    act = ACTS.get((payment.wish, truth.state))
    if act is None:
        return truth
    Payment.objects.recorded_by(payment).update(sent_at=now)
    return act(gateway, order, payment)


def _asked(gateway: Gateway, order: Order) -> Outcome:
    """Ask about what is known: without an answer, that stands."""
    try:
        truth = gateway.find(order)
    except TimedOut as error:
        raise Unavailable from error
    if truth is None:
        raise Unavailable  # it knew, a moment ago
    return truth


def _try_later(
    payment: Payment, *, state: str, now: datetime, sent_at: datetime | None = None
) -> None:
    columns = {"state": state, "due_at": now + _wait(payment), "updated_at": now}
    if state != State.UNKNOWN:
        columns["sent_at"] = sent_at
    Payment.objects.recorded_by(payment).update(**columns)


def _wait(payment: Payment) -> timedelta:
    return WAITS[min(payment.tries, len(WAITS)) - 1]


@transactional
def record(payment: Payment, outcome: Outcome, *, now: datetime) -> bool:
    """Write down what a gateway made of a payment, in the ledger too, and tell its subject.

    Returns False, and writes nothing, if somebody else has claimed the payment since.
    """
    lock_subject(payment)
    before = payment.state
    is_waiting = outcome.state == State.REQUIRES_ACTION
    recorded = Payment.objects.recorded_by(payment).update(
        state=outcome.state,
        reference=outcome.reference or payment.reference,
        failure=outcome.failure,
        captured_amount=outcome.captured,
        action=dict(outcome.action),
        # Whoever has another wish by now wants it carried out.
        due_at=Case(
            When(wish=payment.wish, then=Value(now + _wait(payment) if is_waiting else None)),
            default=Value(now),
            output_field=DateTimeField(),
        ),
        sent_at=None,
        updated_at=now,
    )
    if not recorded:
        return False
    payment.refresh_from_db()
    if is_waiting:
        _lose_patience(payment, now=now)
    elif before != payment.state:
        _come_to_rest(payment, now=now)
    note_refunds_elsewhere(payment, outcome.refunded, now=now)
    return True


def _lose_patience(payment: Payment, *, now: datetime) -> None:
    if now - payment.created_at > PATIENCE:
        Payment.objects.filter(pk=payment.pk).update(wish=Wish.VOID, due_at=now)


def _come_to_rest(payment: Payment, *, now: datetime) -> None:
    match payment.state:
        case State.AUTHORIZED:
            entries.book_hold(payment, now=now)
        case State.SUCCEEDED:
            entries.book_release(payment, now=now)
            entries.book_charge(payment, now=now)
            if payment.wish == Wish.VOID:
                refund_all(payment, now=now)
        case State.VOIDED | State.FAILED:
            entries.book_release(payment, now=now)
    if event := EVENTS.get(payment.state):
        emit(event, payment.pk, to=[payment.user_id], now=now)
    tell_subject(payment)


def settle_due_payments(*, now: datetime, at_once: int) -> int:
    """Carry out what is due, at most so many; a gateway that does not answer is left for later.

    Returns how many were carried out.
    """
    away: set[str] = set()
    done = 0
    for pk, gateway in list(Payment.objects.due(now=now).values_list("pk", "gateway")[:at_once]):
        if gateway in away:
            continue
        try:
            _carry_out(pk, now=now)
        except TimedOut:
            continue
        except GatewayError:
            away.add(gateway)
        else:
            done += 1
    return done
