"""Bookings that repeat: every Friday, eight times; looked at first, and booked all or not at all,
or those that one agreed to.

They repeat by the chef's clock: at six in the evening, also once clocks were changed.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from django.utils.translation import gettext as _

from bookings import slots
from bookings.models import Booking, Series, SeriesPart
from bookings.services.calendar import taken_of
from bookings.services.offers import Offer, offers_of
from bookings.services.refusals import batch_refusal, refusal_of
from bookings.services.requesting import BookingRequest, request_bookings
from bookings.services.travelling import trip_of
from bookings.slots import Reason
from softfactory.accounts.models import User
from softfactory.kernel.db.retry import transactional
from softfactory.kernel.problems import DomainError, NotFound

WEEK = timedelta(days=7)
FEWEST = 2  # visits of a series
_LAST_YEAR = 9990  # after which a calendar ends while one repeats


@dataclass(frozen=True, slots=True)
class Repeat:
    """So many times, every so many weeks."""

    times: int
    every_weeks: int = 1


@dataclass(frozen=True, slots=True)
class Occurrence:
    """One of the times: the instant, what the chef's clock shows, and why it can't be had."""

    starts_at: datetime
    local: datetime
    reason: Reason | None


def occurrences(*, request: BookingRequest, repeat: Repeat, now: datetime) -> list[Occurrence]:
    """Return each time that is wished for, and whether it can be had now. One query.

    Raises NotFound for a chef who is not there to be booked, DomainError `too_far_away`.
    """
    offer = _offer(request)
    schedule = trip_of(offer.schedule, request.place, address=request.address).schedule
    times = _locals(request, offer, repeat)
    first, last = times[0].date(), times[-1].date()
    span = {request.chef_id: slots.span(first, last, schedule)}
    ticks, full = taken_of({request.chef_id: schedule}, span, now=now)[request.chef_id]
    hours = request.duration_hours
    return [
        Occurrence(
            _instant(local, offer),
            local,
            slots.judged(schedule, ticks, full=full, local=local, hours=hours, now=now),
        )
        for local in times
    ]


@transactional
def repeat_booking(
    *,
    customer: User,
    request: BookingRequest,
    repeat: Repeat,
    now: datetime,
    agreed: Collection[datetime] | None = None,
) -> list[Booking]:
    """Book all occurrences, or those of them that were `agreed` to, as one series; or none.

    Raises BatchRefused or BatchConflict as a batch does: its `bookings.<index>` names each that
    clashes. DomainError `nothing_agreed` if fewer than two are left.
    """
    offer = _offer(request)
    times = _locals(request, offer, repeat)
    if agreed is not None:
        times = [local for local in times if _instant(local, offer) in agreed]
    if len(times) < FEWEST:
        message = _("A visit repeats from two times on. Choose other times.")
        raise DomainError("nothing_agreed", message)
    skipped = {
        index: refusal_of(Reason.NONEXISTENT_TIME)
        for index, local in enumerate(times)
        if _shown(_instant(local, offer), offer) != local
    }
    if skipped:
        raise batch_refusal(skipped)
    wanted = [replace(request, starts_at=_instant(local, offer)) for local in times]
    bookings = request_bookings(customer=customer, requests=wanted, now=now)
    _join(bookings, customer, repeat, now=now)
    return bookings


def booked_before(
    *, customer: User, request: BookingRequest, agreed: Collection[datetime]
) -> Booking | None:
    """Return the first visit of the series that the first of two equal forms made, if one did."""
    own = Booking.objects.of_customer(customer).of_chefs([request.chef_id]).occupying()
    same = own.filter(
        guests=request.guests,
        menu=request.menu_id,
        special_requests=request.special_requests,
        address=request.address,
    )
    found = list(same.filter(part__isnull=False, starts_at__in=agreed).with_series())
    found.sort(key=lambda booking: booking.starts_at)
    is_one = len({booking.part.series_id for booking in found}) == 1
    return found[0] if is_one and {row.starts_at for row in found} == set(agreed) else None


def _join(bookings: Sequence[Booking], customer: User, repeat: Repeat, *, now: datetime) -> None:
    """Make one series of bookings, in their order."""
    series = Series.objects.create(
        chef_id=bookings[0].chef_id,
        customer=customer,
        every_weeks=repeat.every_weeks,
        times=len(bookings),
        created_at=now,
    )
    SeriesPart.objects.bulk_create(
        SeriesPart(series=series, booking=booking, number=number)
        for number, booking in enumerate(bookings, start=1)
    )


def _offer(request: BookingRequest) -> Offer:
    offer = offers_of([request.chef_id]).get(request.chef_id)
    if offer is None:
        raise NotFound("chef_not_found", _("This chef is not there to be booked."))
    return offer


def _locals(request: BookingRequest, offer: Offer, repeat: Repeat) -> Sequence[datetime]:
    """What the chef's clock shows at each of the times, by which they repeat."""
    if request.starts_at is None or request.starts_at.year > _LAST_YEAR:
        raise DomainError("too_far", _("This is too far ahead. Choose an earlier date."))
    first = _shown(request.starts_at, offer)
    return [first + number * repeat.every_weeks * WEEK for number in range(repeat.times)]


def _instant(local: datetime, offer: Offer) -> datetime:
    """The first instant at which the clock shows this."""
    return local.replace(tzinfo=offer.schedule.zone).astimezone(UTC)


def _shown(instant: datetime, offer: Offer) -> datetime:
    return instant.astimezone(offer.schedule.zone).replace(tzinfo=None, fold=0)
