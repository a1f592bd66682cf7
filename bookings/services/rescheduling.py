"""Moving a booking to another time: the new time is taken before the old one is given up.

Both happen in one transaction. Somebody who wants either time meets the booking in one place or in
the other, never in none.
"""

from collections.abc import Iterator
from copy import copy
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from django.utils.translation import gettext as _

from bookings import slots
from bookings.models import Booking, Chef, Occupancy
from bookings.services.cancelling import agreed_to_keep
from bookings.services.limiting import has_room
from bookings.services.moving import reloaded, tell_of_place, wrong_state
from bookings.services.offers import Offer, offers_of
from bookings.services.owning import Claim, own
from bookings.services.pricing import lasting
from bookings.services.reckoning import books_of, reckon
from bookings.services.refusals import refusal_of
from bookings.services.telling import tell
from bookings.services.travelling import trip_of
from softfactory.accounts.models import User
from softfactory.kernel.db.generations import touch
from softfactory.kernel.db.retry import transactional
from softfactory.kernel.nudges import nudge
from softfactory.kernel.problems import Conflict, DomainError, Forbidden, NotFound

Status = Booking.Status


@dataclass(frozen=True, slots=True)
class NewTime:
    """When a booking is to be instead: for as long as before, unless it says so."""

    starts_at: datetime
    duration_hours: int | None = None


def reschedule_booking(*, booking: Booking, by: User, to: NewTime, now: datetime) -> Booking:
    """Move what has not begun to a time that is offered, as its customer or the chef's owner.

    Its own time counts as free. Moved by the customer, what a chef had confirmed waits for the
    chef anew, unless that one takes bookings at once. Raises Forbidden to others, Conflict
    (`wrong_state`, `slot_taken`, `already_paid` for another price), or DomainError: the reason why
    the time is not offered, or `same_time`.
    """
    if by.pk not in (booking.customer_id, booking.chef.owner_id):
        raise Forbidden("not_yours", _("Only the customer and the chef can move a booking."))
    with touch("calendar", booking.chef_id):
        _move(booking, by, to, now=now)
    return reloaded(booking)


@transactional
def _move(booking: Booking, by: User, to: NewTime, *, now: datetime) -> None:
    locked = Booking.objects.with_policy().locked().get(pk=booking.pk)
    movable = {Status.CONFIRMED} | ({Status.PENDING} if _is_customers(locked, by) else set())
    if locked.status not in movable or locked.starts_at <= now:
        raise wrong_state(booking)
    offer = offers_of([locked.chef_id]).get(locked.chef_id)
    if offer is None:
        raise NotFound("chef_not_found", _("This chef is not there to be booked."))
    moved = _moved(locked, offer, by, to, now=now)
    _take(locked, moved, offer, now=now)
    rows = Booking.objects.filter(pk=locked.pk, version=locked.version)
    if not rows.update(**_columns(moved), updated_at=now):
        raise wrong_state(booking)
    tell("rescheduled", moved, now=now)
    nudge("bookings.rescheduled", moved.pk)
    if moved.policy_id:
        reckon(booking_id=moved.pk, now=now)


def _is_customers(booking: Booking, by: User) -> bool:
    return booking.customer_id == by.pk


#: What a move writes.
MOVED = (
    "status",
    "decided_at",
    "starts_at",
    "ends_at",
    "timezone",
    "duration_hours",
    "buffer_before_minutes",
    "buffer_after_minutes",
    "travel_minutes",
    "reminded_at",
    "moved_at",
    "moved_from",
    "balance_at",
    "least_kept_amount",
    "is_free_to_leave",
    "hours_amount",
    "total_amount",
)


def _columns(moved: Booking) -> dict[str, Any]:
    return {name: getattr(moved, name) for name in MOVED}


def _moved(booking: Booking, offer: Offer, by: User, to: NewTime, *, now: datetime) -> Booking:
    """Return the booking as it would be at the new time; nothing is written."""
    hours, chef = to.duration_hours or booking.duration_hours, offer.chef
    starts_at = to.starts_at.astimezone(UTC)
    if (starts_at, hours) == (booking.starts_at, booking.duration_hours):
        raise DomainError("same_time", _("This is when it is already. Choose another time."))
    if booking.menu_id and hours != booking.duration_hours:
        message = _("A menu takes as long as it takes. Keep its length.")
        raise DomainError("menu_has_its_length", message)
    price = lasting(booking, hours)
    if price != booking.price:
        _refuse_once_paid(booking)
    is_customers = _is_customers(booking, by)
    is_asked_anew = is_customers and not chef.instant_booking
    kept = agreed_to_keep(booking, now=now).amount if is_customers else booking.least_kept_amount
    moved = copy(booking)
    moved.chef = chef
    moved.starts_at, moved.ends_at = starts_at, starts_at + timedelta(hours=hours)
    moved.duration_hours, moved.timezone = hours, chef.timezone
    trip = _trip(booking, offer)
    moved.buffer_before_minutes = trip.schedule.buffer_before
    moved.buffer_after_minutes = trip.schedule.buffer_after
    moved.travel_minutes = trip.minutes
    moved.reminded_at = None
    moved.moved_at, moved.moved_from = now, booking.starts_at
    moved.hours_amount, moved.total_amount = price.hours.amount, price.total.amount
    moved.least_kept_amount, moved.is_free_to_leave = kept, not is_customers
    if moved.policy:
        moved.balance_at = moved.policy.balance_at(starts_at)
    if is_asked_anew:
        moved.status, moved.decided_at = Status.PENDING, None
    return moved


def _refuse_once_paid(booking: Booking) -> None:
    """Refuse another price than the one that a card was asked for."""
    if booking.policy_id and books_of(booking).payments:
        message = _("This is paid for already. Keep its length, or cancel it and book anew.")
        raise Conflict("already_paid", message)


def _take(booking: Booking, moved: Booking, offer: Offer, *, now: datetime) -> None:
    """Own the quarter hours of the new time that are not its own yet, then free the others.

    Raises the reason if the time is not offered.
    """
    old, new = booking.ticks, moved.ticks
    taken, lapsed = _others(moved.chef, old, new, now=now)
    hours = moved.duration_hours
    starts_at = moved.starts_at
    schedule = _trip(booking, offer).schedule
    reason = slots.refusal(schedule, taken, starts_at=starts_at, hours=hours, now=now)
    if reason is not None:
        raise refusal_of(reason)
    if not has_room(moved, offer.schedule, now=now):
        raise refusal_of(slots.Reason.DAY_FULL)
    if not lapsed.isdisjoint(new):
        Occupancy.objects.filter(chef=moved.chef_id).within(new).lapsed(now=now).delete()
    missing = list(_without(new, old))
    if missing:
        version = offer.chef.version
        own([Claim(moved.pk, moved.chef_id, version, part) for part in missing])
    given_up = Occupancy.objects.filter(booking=moved.pk).exclude(
        tick__gte=new.start, tick__lt=new.stop
    )
    if given_up.delete()[0]:
        tell_of_place(moved.chef_id)


def _trip(booking: Booking, offer: Offer) -> slots.Trip:
    return trip_of(offer.schedule, booking.place, address=booking.address)


def _others(chef: Chef, old: range, new: range, *, now: datetime) -> tuple[set[int], set[int]]:
    """Return which ticks others have around the new time, and which ones lapsed holds have."""
    taken: set[int] = set()
    lapsed: set[int] = set()
    for _chef, tick, is_lapsed in Occupancy.objects.owned([chef.pk], new, now=now):
        (lapsed if is_lapsed else taken).add(tick)
    return taken - set(old), lapsed


def _without(whole: range, part: range) -> Iterator[range]:
    """Yield the stretches of `whole` that are not in `part`, in order."""
    before = range(whole.start, min(whole.stop, part.start))
    after = range(max(whole.start, part.stop), whole.stop)
    yield from (stretch for stretch in (before, after) if stretch)
