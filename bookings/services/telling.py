"""What a booking's two sides are told: by webhook, by e-mail, and in the chef's calendars."""

from datetime import datetime

from bookings.models import Booking
from bookings.services.entries import note_changes
from bookings.services.letters import write_letters
from softfactory.accounts.services.emitting import emit_each


def tell(what: str, *bookings: Booking, now: datetime) -> None:
    """Let the customers' servers know, and those of the chefs' owners; and themselves.

    A hold is told of when it is taken up, as a booking that was created.
    """
    sides = {booking.pk: (booking.customer_id, booking.chef.owner_id) for booking in bookings}
    emit_each(f"booking.{what}", sides, now=now)
    write_letters(what, bookings, now=now)
    note_changes(bookings, now=now)
