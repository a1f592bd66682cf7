"""What webhooks of a booking's two sides are told."""

from datetime import datetime

from bookings.models import Booking
from softfactory.accounts.services.emitting import emit


def tell(what: str, booking: Booking, *, now: datetime) -> None:
    """Let the customer's servers know, and those of the chef's owner.

    A hold is told of when it is taken up, as a booking that was created.
    """
    emit(f"booking.{what}", booking.pk, to=(booking.customer_id, booking.chef.owner_id), now=now)
