"""What a booking's money should be, and the wishes that lead there.

`reckon` looks at what was agreed, at the booking's state, and at what became of its payments, and
wishes for what is missing: a hold to be taken or let go, a charge, a refund. It is called with
every turn that a booking or one of its payments takes, in the same transaction, and does nothing
where all is as it should be.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import NamedTuple

from bookings.models import Booking
from bookings.services.earning import earn
from softfactory.kernel.db.retry import transactional
from softfactory.kernel.money import Money
from softfactory.kernel.nudges import nudge
from softfactory.kernel.problems import DomainError
from softfactory.payments.models import Payment, Subject
from softfactory.payments.services.charging import request_capture, request_payment, request_void
from softfactory.payments.services.refunding import request_refund

Status, Paid = Booking.Status, Booking.PaymentStatus


class Goal(NamedTuple):
    """Where a booking's money should be, in minor units of its currency."""

    taken: int
    is_held: bool = False  # what a card holds stays held
    may_charge: bool = False  # what is missing is charged; else what is too much is given back


@dataclass(frozen=True)
class Books:
    """What became of a booking's payments, the last one first."""

    payments: Sequence[Payment]

    @cached_property
    def captured(self) -> int:
        """What was taken, whatever was given back of it."""
        return sum(payment.captured_amount for payment in self.payments)

    @cached_property
    def left(self) -> int:
        """What was taken and is not given back, or about to be."""
        return self.captured - sum(payment.refunded_amount for payment in self.payments)

    @cached_property
    def held(self) -> Payment | None:
        """The payment that a card holds, if nothing else is wished of it yet."""
        return next((row for row in self.payments if _is_held(row)), None)

    @cached_property
    def under_way(self) -> list[Payment]:
        """Those that have not come to rest."""
        open_still = [row for row in self.payments if row.state in Payment.OPEN]
        return [row for row in open_still if not _is_held(row)]

    @property
    def coming(self) -> int:
        """What is held, or about to be taken."""
        rows = [*self.under_way, *([self.held] if self.held else [])]
        return sum(_wanted(row) for row in rows)

    @property
    def was_refused(self) -> bool:
        """Whether the last attempt came to nothing: the card is not asked again by itself."""
        came_to_nothing = (Payment.State.FAILED, Payment.State.VOIDED)
        return bool(self.payments) and self.payments[0].state in came_to_nothing


def _is_held(payment: Payment) -> bool:
    return payment.state == Payment.State.AUTHORIZED and payment.wish == Payment.Wish.HOLD


def _wanted(payment: Payment) -> int:
    """What it will have taken, as far as one knows: nothing, while the bank asks its customer."""
    if payment.wish == Payment.Wish.VOID or payment.state == Payment.State.REQUIRES_ACTION:
        return 0
    return payment.capture_amount or payment.amount


def books_of(booking: Booking) -> Books:
    """Return what became of the payments of a booking."""
    return Books(list(Payment.objects.of_subject(Booking.SUBJECT, booking.pk)))


def goal_of(booking: Booking, *, now: datetime) -> Goal:
    """Return where the money of a booking should be by now."""
    match booking.status:
        case Status.HELD | Status.PENDING:
            return Goal(0, is_held=True)
        case Status.CONFIRMED:
            is_due = booking.balance_at is not None and booking.balance_at <= now
            total = booking.total_amount if is_due else booking.upfront.amount
            return Goal(total, may_charge=True)
        case Status.COMPLETED:
            return Goal(booking.total_amount, may_charge=True)
        case Status.CANCELLED:
            return Goal(booking.kept_amount)
        case Status.NO_SHOW:
            return Goal(booking.total_amount)
        case _:
            return Goal(0)


@transactional
def reckon(*, booking_id: int, now: datetime) -> None:
    """Wish for what brings a booking's money to where it should be, and note how that stands."""
    booking = Booking.objects.with_policy().locked().get(pk=booking_id)
    if booking.policy is None:
        return
    goal, books = goal_of(booking, now=now), books_of(booking)
    if not goal.is_held:
        _ask_for_more(booking, goal, books, now=now)
    if not (goal.is_held or goal.may_charge):
        _give_back(booking, goal, books, now=now)
    _note(booking, goal, now=now)


def _ask_for_more(booking: Booking, goal: Goal, books: Books, *, now: datetime) -> None:
    """Take what is held, or charge what is missing; let go of what is not wanted any more."""
    missing = goal.taken - books.captured
    if books.held is not None and missing > 0:
        part = Money(min(missing, books.held.amount), booking.currency)
        request_capture(payment=books.held, amount=part, now=now)
    elif missing <= 0:
        for payment in [*books.under_way, *([books.held] if books.held else [])]:
            request_void(payment=payment, now=now)
    elif goal.may_charge and not (books.under_way or books.was_refused):
        try:
            ask(booking, Money(missing, booking.currency), books, now=now)
        except DomainError:  # there is no card, which `_note` tells
            return


def ask(
    booking: Booking, amount: Money, books: Books, *, now: datetime, hold: bool = False
) -> Payment:
    """Ask the customer's card once more. Raises DomainError `card_missing`."""
    return request_payment(
        user=booking.customer,
        amount=amount,
        subject=Subject(Booking.SUBJECT, booking.pk),
        attempt=len(books.payments) + 1,
        account=booking.account,
        hold=hold,
        now=now,
    )


def _give_back(booking: Booking, goal: Goal, books: Books, *, now: datetime) -> None:
    excess = books.left - goal.taken
    for payment in books.payments:
        part = min(excess, payment.refundable.amount)
        if part > 0:
            request_refund(
                payment=payment,
                amount=Money(part, booking.currency),
                reason=f"Booking {booking}: {booking.status}",
                key=f"{booking.status}:{goal.taken}",
                now=now,
            )
            excess -= part


def _note(booking: Booking, goal: Goal, *, now: datetime) -> None:
    """Write down how the money stands; what is the chef's once the booking is over, is theirs."""
    books = books_of(booking)
    if booking.status in (Status.COMPLETED, Status.CANCELLED, Status.NO_SHOW):
        earn(booking=booking, total=Money(books.left, booking.currency), now=now)
    state = _payment_status(booking, goal, books)
    if state == booking.payment_status:
        return
    Booking.objects.filter(pk=booking.pk).update(payment_status=state, updated_at=now)
    if state == Paid.FAILED and goal.may_charge:
        nudge("bookings.payment_failed", booking.pk)


def _payment_status(booking: Booking, goal: Goal, books: Books) -> str:
    is_short = goal.may_charge and books.captured < goal.taken
    was_refused = goal.is_held and books.was_refused
    if (is_short or was_refused) and not (books.under_way or books.held):
        return Paid.FAILED
    if books.left:
        return Paid.PAID if books.left >= booking.total_amount else Paid.PART_PAID
    if books.held or any(row.wish == Payment.Wish.CAPTURE for row in books.under_way):
        return Paid.HELD
    return Paid.DUE if goal.is_held or goal.may_charge else Paid.RETURNED
