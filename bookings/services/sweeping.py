"""What the clock brings: holds lapse, requests go unanswered, the past is forgotten."""

from datetime import datetime, timedelta

from bookings.models import Booking, Occupancy
from bookings.querysets import BookingQuerySet
from bookings.services.reckoning import reckon
from bookings.services.telling import tell
from bookings.slots import ticks
from softfactory.kernel.db.generations import touch
from softfactory.kernel.db.retry import transactional

AT_ONCE = 500
# Buffers of what is booked now reach back this far at most.
KEPT = timedelta(days=2)


def expire_bookings(now: datetime) -> int:
    """Expire holds whose time is up and requests whose time has come unanswered.

    Returns how many. Any number of clocks may run it at once: each row moves once.
    """
    lapsed, unanswered = Booking.objects.lapsed(now=now), Booking.objects.unanswered(now=now)
    return _expire(lapsed, now=now) + _expire(unanswered, now=now)


def _expire(due: BookingQuerySet, *, now: datetime) -> int:
    total = 0
    while rows := list(due.values_list("pk", "chef_id")[:AT_ONCE]):
        with touch("calendar", *{chef for _pk, chef in rows}):
            moved = _expire_these(due, [pk for pk, _chef in rows], now=now)
        if not moved:  # another clock is at it
            break
        total += moved
    return total


@transactional
def _expire_these(due: BookingQuerySet, pks: list[int], *, now: datetime) -> int:
    """Nobody is told of a hold: the chef knows nothing of it."""
    rows = list(due.filter(pk__in=pks).with_chef().order_by("pk").locked())
    expired = Booking.objects.filter(pk__in=[row.pk for row in rows])
    expired.update(status=Booking.Status.EXPIRED, expires_at=None, updated_at=now)
    Occupancy.objects.filter(booking__in=[row.pk for row in rows]).delete()
    if asked := [row for row in rows if row.status != Booking.Status.HELD]:
        tell("expired", *asked, now=now)
    for row in rows:
        if row.policy_id:
            reckon(booking_id=row.pk, now=now)
    return len(rows)


def forget_past_occupancy(now: datetime) -> int:
    """Delete quarter hours that no booking can want any more; returns how many."""
    past = Occupancy.objects.filter(tick__lt=ticks(now - KEPT, now).start)
    if not past.exists():  # a write, even of nothing, would have free times looked up anew
        return 0
    with touch("calendar"):  # nobody's in particular: what is past is shown nowhere
        deleted, _by_model = past.delete()
    return deleted
