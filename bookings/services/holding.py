"""A hold: a chef's time, kept for some minutes, becomes a booking or lapses."""

from datetime import datetime, timedelta

from django.utils.translation import gettext as _

from bookings.models import Booking, Occupancy
from bookings.services.limiting import has_room_still
from bookings.services.telling import tell
from softfactory.kernel.db.generations import touch
from softfactory.kernel.db.retry import transactional
from softfactory.kernel.problems import Conflict

Status = Booking.Status

#: How long a hold lasts at least from the moment on at which its customer begins to pay, and how
#: long in all, however often that is.
WHILE_PAYING, LONGEST = timedelta(minutes=10), timedelta(minutes=30)


def take_up(booking: Booking, *, now: datetime) -> None:
    """Turn a hold into a booking, if every quarter hour of it is still its own.

    Raises Conflict if its time is up.
    """

    @transactional
    def write() -> None:
        held = Booking.objects.filter(pk=booking.pk, status=Status.HELD, expires_at__gt=now)
        if not (held.update(**_taken_up(booking, now=now)) and _keeps_its_time(booking)):
            raise hold_lapsed()
        tell("created", booking, now=now)

    with touch("calendar", booking.chef_id):
        write()


@transactional
def take_up_paid(booking: Booking, *, now: datetime) -> None:
    """Turn a hold that was paid for into a booking, late as it may be, while its time is its own,
    and its day has room.

    Else somebody has that: the hold is over. The booking is locked.
    """
    held = Booking.objects.filter(pk=booking.pk, status=Status.HELD)
    with touch("calendar", booking.chef_id):
        is_late = booking.is_lapsed(now=now)
        if _keeps_its_time(booking) and (not is_late or has_room_still(booking, now=now)):
            if held.update(**_taken_up(booking, now=now)):
                tell("created", booking, now=now)
        else:
            held.update(status=Status.EXPIRED, expires_at=None, updated_at=now)
            Occupancy.objects.filter(booking=booking).delete()


@transactional
def prolong(booking: Booking, *, now: datetime) -> None:
    """Let the hold last while its customer pays, who may have to talk to the bank: for as long as
    from its beginning, but not for ever. The booking is locked.
    """
    until = min(now + WHILE_PAYING, booking.created_at + LONGEST)
    if booking.expires_at is None or until <= booking.expires_at:
        return
    held = Booking.objects.filter(pk=booking.pk, status=Status.HELD, expires_at__gt=now)
    with touch("calendar", booking.chef_id):
        if held.update(expires_at=until, updated_at=now):
            Occupancy.objects.filter(booking=booking).update(releases_at=until)


def _taken_up(booking: Booking, *, now: datetime) -> dict[str, object]:
    is_instant = booking.chef.instant_booking
    return {
        "status": Status.CONFIRMED if is_instant else Status.PENDING,
        "decided_at": now if is_instant else None,
        "expires_at": None,
        "updated_at": now,
    }


def _keeps_its_time(booking: Booking) -> bool:
    """Let nobody take its time over any more; tell whether all of it was still its own."""
    kept = Occupancy.objects.filter(booking=booking).update(releases_at=None)
    return kept == len(booking.ticks)


def hold_lapsed() -> Conflict:
    """Return the refusal of a hold whose time is up."""
    message = _("The time was held for you until a moment ago. Book it again.")
    return Conflict("hold_lapsed", message)
