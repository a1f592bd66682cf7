"""Asking for a chef's time: one booking or many, all of them or none.

A request is decided on what was read, then written. Between the two, others may write: whoever
took the time first owns its occupancy rows, whose primary key refuses a second owner; and an owner
who changed the chef has moved its version, on which the request is decided anew.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from typing import cast

from django.utils.translation import gettext as _

from bookings import slots
from bookings.models import Booking, Menu, Occupancy
from bookings.services.calendar import Taken
from bookings.services.choosing import Menus, chosen, menus_of, refuse_party
from bookings.services.drafts import Draft, write, write_if_free
from bookings.services.limiting import Days, locked_days
from bookings.services.offers import Offer, offers_of
from bookings.services.paying import begin_payment
from bookings.services.pricing import price_of
from bookings.services.refusals import (
    BatchRefused,
    batch_refusal,
    refusal_of,
    refusal_of_day,
)
from bookings.services.telling import tell
from bookings.services.travelling import reachable, trip_of
from bookings.slots import Place, Schedule
from softfactory.accounts.models import User
from softfactory.kernel.db.generations import touch
from softfactory.kernel.db.inserting import new
from softfactory.kernel.db.retry import transactional
from softfactory.kernel.problems import DomainError, NotFound
from softfactory.kernel.profiling import profiled

HOLD = timedelta(minutes=10)

type Ticks = defaultdict[int, set[int]]  # by chef
type Offers = Mapping[int, Offer]
type Owned = tuple[Ticks, Ticks]  # those that are taken, and those of lapsed holds


@dataclass(frozen=True, slots=True, kw_only=True)
class BookingRequest:
    """What a customer asks for: a start, or a date, which means its first free start."""

    chef_id: int
    starts_at: datetime | None = None
    booking_date: date | None = None
    duration_hours: int = 2
    guests: int = 1
    special_requests: str = ""
    address: str = ""
    place: Place | None = None
    hold: bool = False
    hold_for: timedelta = HOLD
    menu_id: int | None = None


@profiled("request a booking")
def request_booking(*, customer: User, request: BookingRequest, now: datetime) -> Booking:
    """Book a chef's time for `customer`; returns it pending, confirmed (instant) or held.

    A chef who is paid here is held until the payment that is begun has succeeded. Raises NotFound
    (`chef_not_found`), Conflict (`slot_taken`), or DomainError: the reason why the time is not
    offered, or `card_missing`.
    """
    try:
        return request_bookings(customer=customer, requests=[request], now=now)[0]
    except BatchRefused as refused:
        raise refused.__cause__ or refused from None


@profiled("request a batch of bookings")
@transactional
def request_bookings(
    *, customer: User, requests: Sequence[BookingRequest], now: datetime
) -> list[Booking]:
    """Book all of these or none; returns them in the order of the requests.

    Raises BatchRefused or BatchConflict with one error per request that is in the way, its field
    `bookings.<index>`.
    """
    menus = menus_of(request.menu_id for request in requests)
    # A menu says how long its visit is.
    requests = [
        replace(request, duration_hours=menu.duration_hours)
        if (menu := menus.get(request.menu_id or 0))
        else request
        for request in requests
    ]
    offers = offers_of({request.chef_id for request in requests})
    with touch("calendar", *offers):
        drafts = _written(customer, requests, offers, menus, now=now)
    made = (draft.booking for draft in drafts if not draft.booking.expires_at)
    tell("created", *made, now=now)
    for draft, request in zip(drafts, requests, strict=True):
        if draft.booking.policy_id and not request.hold:
            begin_payment(booking=draft.booking, by=customer, now=now)
    return [draft.booking for draft in drafts]


def _written(
    customer: User,
    requests: Sequence[BookingRequest],
    offers: Offers,
    menus: Menus,
    *,
    now: datetime,
) -> list[Draft]:
    """Decide on the requests, and write bookings and occupancy."""
    if len(requests) == 1 and requests[0].starts_at is not None:
        # That a time is taken is the last reason to refuse it, and most are not.
        [draft] = _decide(customer, requests, offers, menus, _nothing(), Days({}, {}), now=now)
        offer = offers[draft.booking.chef_id]
        if not offer.schedule.per_day and write_if_free(draft):
            return [draft]
    spans = _spans(requests, offers, now=now)
    days = locked_days({pk: offer.schedule for pk, offer in offers.items()}, spans, now=now)
    owned = _owned_ticks(spans, now=now)
    drafts = _decide(customer, requests, offers, menus, owned, days, now=now)
    write(drafts, now=now)
    return drafts


def _decide(
    customer: User,
    requests: Sequence[BookingRequest],
    offers: Offers,
    menus: Menus,
    owned: Owned,
    days: Days,
    *,
    now: datetime,
) -> list[Draft]:
    """Turn every request into a draft, or raise with all that is wrong."""
    taken, lapsed = owned
    drafts: list[Draft] = []
    refusals: dict[int, DomainError] = {}
    for index, request in enumerate(requests):
        try:
            offer = offers.get(request.chef_id)
            if offer is None:
                raise NotFound("chef_not_found", _("This chef is not there to be booked."))
            menu = chosen(menus, request.menu_id, offer.chef.pk)
            known = Taken(taken[offer.chef.pk], days.full(offer.chef.pk))
            booking = _draft(customer, offer, request, menu, known, now=now)
        except DomainError as refusal:
            refusals[index] = refusal
        else:
            ticks = booking.ticks
            is_in_the_way = not lapsed[booking.chef_id].isdisjoint(ticks)
            drafts.append(Draft(booking, ticks, offer.chef.version, is_in_the_way))
            taken[booking.chef_id].update(ticks)
            days.add(booking)
    if refusals:
        raise batch_refusal(refusals) from next(iter(refusals.values()))
    return drafts


def _spans(
    requests: Iterable[BookingRequest], offers: Offers, *, now: datetime
) -> dict[int, range]:
    """The ticks that may decide about the requests, per chef."""
    spans: dict[int, range] = {}
    for request in requests:
        if request.chef_id not in offers:
            continue
        schedule = offers[request.chef_id].schedule
        day = _local_day(request, schedule, now=now)
        span = slots.span(day, day, reachable(schedule, request.place, request.address))
        known = spans.get(request.chef_id, span)
        spans[request.chef_id] = range(min(known.start, span.start), max(known.stop, span.stop))
    return spans


def _nothing() -> Owned:
    return defaultdict(set), defaultdict(set)


def _owned_ticks(spans: Mapping[int, range], *, now: datetime) -> Owned:
    """Return which ticks are taken, and which ones lapsed holds have, per chef. One query."""
    taken, lapsed = _nothing()
    wanted = [span for span in spans.values() if span]
    if wanted:
        reach = range(min(span.start for span in wanted), max(span.stop for span in wanted))
        for chef_id, tick, is_lapsed in Occupancy.objects.owned(spans, reach, now=now):
            (lapsed if is_lapsed else taken)[chef_id].add(tick)
    return taken, lapsed


def _local_day(request: BookingRequest, schedule: Schedule, *, now: datetime) -> date:
    """The chef's date that is asked for. One out of reach is drawn to just out of reach, where it
    is refused all the same, so that no calendar has to convert the year 9999.
    """
    today = now.astimezone(schedule.zone).date()
    reach = timedelta(days=schedule.horizon_days + 2)
    day = request.booking_date
    if day is None:
        starts_at = cast(datetime, request.starts_at)  # a request has one of the two
        at = min(max(starts_at, now - reach), now + reach)
        day = at.astimezone(schedule.zone).date()
    return min(max(day, today - reach), today + reach)


def _draft(
    customer: User,
    offer: Offer,
    request: BookingRequest,
    menu: Menu | None,
    known: Taken,
    *,
    now: datetime,
) -> Booking:
    chef = offer.chef
    if request.guests > chef.max_guests:
        message = _("This chef cooks for %(most)s guests at most.") % {"most": chef.max_guests}
        raise DomainError("too_many_guests", message)
    if menu is not None:
        refuse_party(menu, request.guests)
    trip = trip_of(offer.schedule, request.place, address=request.address)
    starts_at = _start(trip.schedule, request, known, now=now)
    price = price_of(chef=chef, hours=request.duration_hours, guests=request.guests, menu=menu)
    policy = chef.policy if chef.policy and chef.policy.upfront(price.total) else None
    is_held = request.hold or policy is not None
    status = Booking.Status.CONFIRMED if chef.instant_booking else Booking.Status.PENDING
    booking = new(
        Booking,
        chef_id=chef.pk,
        customer_id=customer.pk,
        status=Booking.Status.HELD if is_held else status,
        starts_at=starts_at,
        ends_at=starts_at + timedelta(hours=request.duration_hours),
        timezone=chef.timezone,
        duration_hours=request.duration_hours,
        buffer_before_minutes=trip.schedule.buffer_before,
        buffer_after_minutes=trip.schedule.buffer_after,
        travel_minutes=trip.minutes,
        address=request.address,
        latitude=request.place.latitude if request.place else None,
        longitude=request.place.longitude if request.place else None,
        guests=request.guests,
        special_requests=request.special_requests,
        menu_id=menu.pk if menu else None,
        menu_title=menu.title if menu else "",
        expires_at=now + request.hold_for if is_held else None,
        decided_at=now if chef.instant_booking and not is_held else None,
        policy_id=policy.pk if policy else None,
        payment_status=Booking.PaymentStatus.DUE if policy else Booking.PaymentStatus.NONE,
        balance_at=policy.balance_at(starts_at) if policy else None,
        currency=chef.currency,
        session_amount=price.session.amount,
        hours_amount=price.hours.amount,
        guests_amount=price.guests.amount,
        total_amount=price.total.amount,
        created_at=now,
        updated_at=now,
    )
    booking.chef, booking.customer = chef, customer
    if menu is not None:
        booking.menu = menu
    if policy is not None:
        booking.policy = policy
    return booking


def _start(schedule: Schedule, request: BookingRequest, known: Taken, *, now: datetime) -> datetime:
    """Return the instant to book, or raise why there is none."""
    hours = request.duration_hours
    if request.starts_at is not None:
        reason = slots.refusal(
            schedule,
            known.ticks,
            full=known.full,
            starts_at=request.starts_at,
            hours=hours,
            now=now,
        )
        if reason is not None:
            raise refusal_of(reason)
        return request.starts_at.astimezone(UTC)
    day = _local_day(request, schedule, now=now)
    free, refused = slots.explained(
        schedule, known.ticks, full=known.full, first=day, last=day, hours=hours, now=now
    )
    if not free:
        raise refusal_of_day({row.reason for row in refused})
    return free[0].starts_at
