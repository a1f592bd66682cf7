"""What cancelling costs: the chef's tiers, as they were when the booking was made."""

from datetime import datetime
from typing import NamedTuple

from bookings.models import Booking
from bookings.services.moving import wrong_state
from bookings.services.reckoning import books_of
from softfactory.accounts.models import User
from softfactory.kernel.money import Money


class Cancellation(NamedTuple):
    """What becomes of the money if a booking is cancelled now."""

    paid: Money  # taken, or held on the card
    kept: Money
    refund: Money


def preview_cancellation(*, booking: Booking, by: User, now: datetime) -> Cancellation:
    """Return what becomes of the money if this user cancels now.

    A chef who cancels gives all back, and so does what no chef has accepted. Whoever moved it
    pays at least what cancelling cost then. No more is kept than was paid. Raises Conflict if it
    can't be cancelled any more.
    """
    if booking.status not in Booking.OCCUPYING or booking.starts_at <= now:
        raise wrong_state(booking)
    nothing = Money(0, booking.currency)
    if booking.policy is None:
        return Cancellation(nothing, nothing, nothing)
    books = books_of(booking)
    paid = Money(books.left + books.coming, booking.currency)
    kept = min(agreed_to_keep(booking, now=now), paid) if booking.customer_id == by.pk else nothing
    return Cancellation(paid, kept, paid - kept)


def agreed_to_keep(booking: Booking, *, now: datetime) -> Money:
    """Return what of the price its customer agreed to leave to the chef by cancelling now."""
    if booking.policy is None or booking.is_free_to_leave:
        return Money(0, booking.currency)
    least = Money(booking.least_kept_amount, booking.currency)
    if booking.status != Booking.Status.CONFIRMED:
        return least
    return max(least, booking.policy.kept(booking.total_price, ahead=booking.starts_at - now))
