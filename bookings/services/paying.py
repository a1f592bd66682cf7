"""Paying for a booking: the card is asked when it is made, and for the rest as was agreed."""

import logging
from collections.abc import Collection, Sequence
from datetime import datetime

from django.utils.translation import gettext as _

from bookings.models import Booking
from bookings.services.holding import hold_lapsed, prolong, take_up_paid
from bookings.services.moving import move
from bookings.services.reckoning import ask, books_of, goal_of, reckon
from softfactory.accounts.models import User
from softfactory.kernel.db.retry import transactional
from softfactory.kernel.money import Money
from softfactory.kernel.problems import Conflict, DomainError, Forbidden
from softfactory.payments.models import Payment
from softfactory.payments.services.refusals import explain
from softfactory.payments.services.settling import settle_payment

logger = logging.getLogger(__name__)

Status = Booking.Status


@transactional
def begin_payment(*, booking: Booking, by: User, now: datetime) -> None:
    """Ask the customer's card: for what is held while booking, or for what is still missing.

    An attempt that is under way is the same one. Raises Conflict if nothing is to be paid, or the
    hold has lapsed; DomainError `card_missing`; Forbidden to others than the customer.
    """
    if booking.customer_id != by.pk:
        raise Forbidden("not_yours", _("Only the customer can pay for a booking."))
    locked = Booking.objects.with_policy().locked().get(pk=booking.pk)
    goal, books = goal_of(locked, now=now), books_of(locked)
    missing = Money(goal.taken - books.captured, locked.currency)
    if books.under_way:
        return
    if locked.status == Status.HELD and locked.policy is not None:
        if locked.is_lapsed(now=now):
            raise hold_lapsed()
        prolong(locked, now=now)
        ask(locked, locked.upfront, books, hold=True, now=now)
    elif goal.may_charge and missing.amount > 0:
        ask(locked, missing, books, now=now)
        reckon(booking_id=locked.pk, now=now)
    else:
        raise Conflict("nothing_to_pay", _("Nothing is to be paid for this booking now."))


def amount_due(*, booking: Booking, now: datetime) -> Money:
    """Return what `begin_payment` would ask of the card."""
    if booking.status == Status.HELD:
        return booking.upfront
    goal, books = goal_of(booking, now=now), books_of(booking)
    return Money(max(goal.taken - books.captured, 0), booking.currency)


def settle_payments_of(booking: Booking, *, now: datetime) -> Payment | None:
    """Carry out the payments of a booking that are wished for, outside of any transaction.

    Returns the last one, as it stands then; None if there is none.
    """
    last = None
    for payment in reversed(books_of(booking).payments):
        last = settle_payment(payment.pk, now=now) if not payment.is_at_rest else payment
    return last


def conclude(bookings: Sequence[Booking], *, now: datetime) -> None:
    """Let the cards pay for bookings that were begun together: for all, or for none.

    Raises DomainError with what was wrong, and none of them stands then. One whose bank asks the
    customer first stands, if it is alone.
    """
    for booking in bookings:
        payment = settle_payments_of(booking, now=now)
        if payment is None:
            continue
        if payment.state == Payment.State.FAILED:
            withdraw([row.pk for row in bookings], now=now)
            raise DomainError(payment.failure, explain(payment.failure))
        if payment.state == Payment.State.REQUIRES_ACTION and len(bookings) > 1:
            withdraw([row.pk for row in bookings], now=now)
            message = _("Your bank wants to hear from you about each payment. Book one at a time.")
            raise DomainError("authentication_required", message)


@transactional
def withdraw(pks: Collection[int], *, now: datetime) -> None:
    """Take back bookings that could not be paid for: their time is free, and nothing is kept."""
    for booking in Booking.objects.filter(pk__in=pks).occupying().order_by("pk").locked():
        move(booking, Booking.objects.filter(pk=booking.pk), Status.CANCELLED, now=now)


def lock_booking(booking_id: int) -> None:
    """Hold a booking, before its payment is written."""
    Booking.objects.locked().get(pk=booking_id)


@transactional
def on_payment_settled(booking_id: int, payment_id: int) -> None:
    """Hear that a payment of a booking came to rest: a hold on the card makes it a booking."""
    now = Payment.objects.get(pk=payment_id).updated_at
    booking = Booking.objects.with_parties().locked().get(pk=booking_id)
    if booking.status == Status.HELD and books_of(booking).held:
        take_up_paid(booking, now=now)
    reckon(booking_id=booking_id, now=now)


def charge_balances(now: datetime) -> int:
    """Ask for the rest of what is to be paid before the visit; returns for how many bookings."""
    asked = 0
    for pk in list(Booking.objects.with_balance_due(now=now).values_list("pk", flat=True)):
        try:
            reckon(booking_id=pk, now=now)
        except Exception:
            logger.exception("The rest of booking %s could not be asked for", pk)
        else:
            asked += 1
    return asked
