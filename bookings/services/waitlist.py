"""The waitlist: whoever asked first gets the next place of a full day, held for a stated time.

An offer is a booking that is held for longer than usual. So what is known of holds is known of
offers: they own their time, lapse by themselves, and are confirmed or paid for like any other.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db import IntegrityError
from django.db.transaction import atomic
from django.utils.translation import gettext as _

from bookings.models import Booking, Chef, WaitlistEntry
from bookings.services.calendar import (
    chefs_free_on,
    explained_slots,
    free_slots,
    local_today,
)
from bookings.services.moving import move
from bookings.services.refusals import refusal_of_day
from bookings.services.requesting import BookingRequest, request_booking
from bookings.slots import Reason
from softfactory.accounts.models import User
from softfactory.kernel.db.errors import violates
from softfactory.kernel.db.retry import LostRace, transactional
from softfactory.kernel.nudges import nudge
from softfactory.kernel.problems import Conflict, DomainError, NotFound

#: How long a place is held for the first in line, before the next one gets it.
OFFER = timedelta(hours=2)
MOST_PLACES = 20
# Somewhere it is still yesterday in UTC, for so long.
WESTERNMOST = timedelta(hours=12)

Status = WaitlistEntry.Status


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """A chef's day that somebody would have, and for how long and how many."""

    chef_id: int
    date: date
    duration_hours: int = 2
    guests: int = 1


def join_waitlist(*, customer: User, wish: Wish, now: datetime) -> WaitlistEntry:
    """Stand in line for a day that is full; returns the place.

    Raises NotFound (`chef_not_found`), Conflict (`not_full`, `already_waiting`, `too_many_waits`),
    or DomainError: why no booking would start on that day, whoever were there.
    """
    chef = Chef.objects.active().with_availability().filter(pk=wish.chef_id).first()
    if chef is None:
        raise NotFound("chef_not_found", _("This chef is not there to be booked."))
    if wish.guests > chef.max_guests:
        message = _("This chef cooks for %(most)s guests at most.")
        raise DomainError("too_many_guests", message % {"most": chef.max_guests})
    _refuse_unless_full(chef, wish, now=now)
    try:
        return _join(customer, wish, now=now)
    except IntegrityError as error:
        if violates(error, table=WaitlistEntry._meta.db_table):
            message = _("You stand in line for this day already.")
            raise Conflict("already_waiting", message) from None
        raise


@transactional
def _join(customer: User, wish: Wish, *, now: datetime) -> WaitlistEntry:
    if WaitlistEntry.objects.of_customer(customer).standing().count() >= MOST_PLACES:
        message = _("You wait for %(most)s days already. Leave one of them first.")
        raise Conflict("too_many_waits", message % {"most": MOST_PLACES})
    return WaitlistEntry.objects.create(
        customer=customer,
        chef_id=wish.chef_id,
        date=wish.date,
        duration_hours=wish.duration_hours,
        guests=wish.guests,
        created_at=now,
    )


def _refuse_unless_full(chef: Chef, wish: Wish, *, now: datetime) -> None:
    # A date out of reach is drawn to just out of reach, so that no calendar converts the year 9999.
    today, reach = local_today(chef, now=now), timedelta(days=chef.horizon_days + 2)
    day = min(max(wish.date, today - reach), today + reach)
    free, refused = explained_slots(
        chef=chef, first=day, last=day, hours=wish.duration_hours, now=now
    )
    if free:
        message = _("There are free times on that day. Book one of them.")
        raise Conflict("not_full", message)
    reasons = {row.reason for row in refused}
    if not reasons & {Reason.TAKEN, Reason.DAY_FULL}:
        raise refusal_of_day(reasons)


@transactional
def leave_waitlist(*, entry: WaitlistEntry, now: datetime) -> None:
    """Stand in line no more. What is held is free again, and the next in line gets it.

    Raises Conflict if it came to something before.
    """
    own = WaitlistEntry.objects.filter(pk=entry.pk)
    if own.waiting().update(status=Status.LEFT):
        return
    offered = own.offered().with_chef().first()
    if offered is None or offered.booking is None:
        raise Conflict("wrong_state", _("You don't stand in this line any more."))
    booking = offered.booking
    held = Booking.objects.filter(pk=booking.pk, status=Booking.Status.HELD)
    move(booking, held, Booking.Status.CANCELLED, now=now)
    own.update(status=Status.PASSED)


def offer_places(now: datetime) -> int:
    """Hold every place that has opened for the first in its line; returns how many.

    Offers that came to something are noted first, so that what has lapsed goes to the next.
    """
    _note_outcomes(now=now)
    lines: defaultdict[date, set[int]] = defaultdict(set)
    waiting = WaitlistEntry.objects.waiting()
    for day, chef_id in waiting.order_by("date").values_list("date", "chef_id").distinct():
        lines[day].add(chef_id)
    return sum(_offer_day(day, chefs, now=now) for day, chefs in lines.items())


def offer_places_of(chef_id: int, now: datetime) -> int:
    """Do the same for one chef, with whom a place may have opened."""
    _note_outcomes(now=now)
    waiting = WaitlistEntry.objects.waiting().of_chef(chef_id)
    days = list(waiting.order_by("date").values_list("date", flat=True).distinct())
    return sum(_offer_day(day, {chef_id}, now=now) for day in days)


def _note_outcomes(*, now: datetime) -> None:
    offered = WaitlistEntry.objects.offered()
    passed = (Booking.Status.EXPIRED, Booking.Status.CANCELLED, Booking.Status.DECLINED)
    offered.filter(booking__status__in=passed).update(status=Status.PASSED)
    offered.exclude(booking__status=Booking.Status.HELD).update(status=Status.TAKEN)
    over = WaitlistEntry.objects.waiting().before((now - WESTERNMOST).date())
    over.update(status=Status.OVER)


def _offer_day(day: date, chef_ids: Iterable[int], *, now: datetime) -> int:
    chefs = Chef.objects.active().filter(pk__in=chef_ids).with_availability()
    return sum(_offer_line(chef, day, now=now) for chef in chefs_free_on(list(chefs), day, now=now))


def _offer_line(chef: Chef, day: date, *, now: datetime) -> int:
    """Offer the chef's free times of a day down the line, to whomever they fit."""
    line = WaitlistEntry.objects.waiting().of_chef(chef.pk).filter(date=day).in_line()
    made = 0
    for entry in line.with_customer():
        hours = entry.duration_hours
        free = free_slots(chef=chef, first=day, last=day, hours=hours, now=now)
        made += bool(free) and _offer(entry, free[0].starts_at, now=now)
    return made


@transactional
def _offer(entry: WaitlistEntry, starts_at: datetime, *, now: datetime) -> bool:
    """Hold a time for who waits; tell whether that was possible, and nobody was faster."""
    wanted = BookingRequest(
        chef_id=entry.chef_id,
        starts_at=starts_at,
        duration_hours=entry.duration_hours,
        guests=entry.guests,
        hold=True,
        hold_for=min(OFFER, starts_at - now),
    )
    # Whoever comes second waits for this row, and then finds that it waits no more.
    waiting = WaitlistEntry.objects.waiting().filter(pk=entry.pk)
    if not waiting.select_for_update().exists():
        return False
    try:
        with atomic():
            booking = request_booking(customer=entry.customer, request=wanted, now=now)
    except LostRace:
        raise
    except DomainError:  # somebody else was faster, or the chef cooks for fewer by now
        return False
    waiting.update(status=Status.OFFERED, booking=booking)
    nudge("bookings.place_offered", entry.pk)
    return True
