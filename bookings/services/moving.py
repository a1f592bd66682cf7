"""Moving a booking to its next state: one conditional update, then its time, then its money.

Zero rows mean that somebody else was faster, and the person is told so.
"""

from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from bookings.models import Booking, Occupancy, WaitlistEntry
from bookings.querysets import BookingQuerySet
from bookings.services.reckoning import reckon
from bookings.services.telling import tell
from softfactory.kernel.db.generations import touch
from softfactory.kernel.db.retry import transactional
from softfactory.kernel.nudges import nudge
from softfactory.kernel.problems import Conflict


def move(
    booking: Booking, rows: BookingQuerySet, status: str, *, now: datetime, **columns: Any
) -> Booking:
    """Give the one row of `rows` its new state, and free its time unless it goes on taking it.

    Returns the booking as it is then. Raises Conflict if `rows` is empty by now.
    """

    @transactional
    def write() -> int:
        moved = rows.update(
            status=status, expires_at=None, decided_at=now, updated_at=now, **columns
        )
        if moved and status not in Booking.OCCUPYING:
            Occupancy.objects.filter(booking=booking).delete()
            if booking.ends_at > now:
                tell_of_place(booking.chef_id)
        if moved and booking.status != Booking.Status.HELD:
            tell(status, booking, now=now)
        if moved and booking.policy_id:
            reckon(booking_id=booking.pk, now=now)
        return moved

    with touch("calendar", booking.chef_id):
        if not write():
            raise wrong_state(booking)
    return reloaded(booking)


def tell_of_place(chef_id: int) -> None:
    """Let whoever stands in line for a chef hear soon that some time is free again."""
    if WaitlistEntry.objects.waiting().of_chef(chef_id).exists():
        nudge("bookings.place_opened", chef_id)


def wrong_state(booking: Booking) -> Conflict:
    """Return the refusal of what can't be done in the booking's state."""
    current = reloaded(booking)
    message = _("This can't be done any more: the booking is now “%(state)s”.")
    return Conflict("wrong_state", message % {"state": current.get_status_display()})


def reloaded(booking: Booking) -> Booking:
    """Return the booking as it is now."""
    return Booking.objects.with_parties().get(pk=booking.pk)
