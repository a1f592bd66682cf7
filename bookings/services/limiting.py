"""Chefs who take so many bookings a day, and no more: counted with the chef locked.

Whoever books such a chef holds its row until the booking is written, so that two can't both be the
last one of a day. Chefs without a limit are not held.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta

from bookings import slots
from bookings.models import Booking, Chef
from bookings.services.calendar import full_days, schedule_of
from bookings.slots import Schedule

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
QUARTER = timedelta(seconds=slots.TICK)

type Starts = Mapping[int, list[datetime]]  # of bookings, by chef


class Days:
    """The starts of chefs' bookings, around those that are asked for."""

    def __init__(self, schedules: Mapping[int, Schedule], starts: Starts) -> None:
        self._schedules = schedules
        self._starts = starts

    def full(self, chef_id: int) -> set[int]:
        """Return the dates on which this chef takes no more."""
        if chef_id not in self._schedules:
            return set()
        return full_days(self._schedules[chef_id], self._starts[chef_id])

    def add(self, booking: Booking) -> None:
        """Count one more."""
        if booking.chef_id in self._schedules:
            self._starts[booking.chef_id].append(booking.starts_at)


def locked_days(
    schedules: Mapping[int, Schedule],
    spans: Mapping[int, range],
    *,
    now: datetime,
    besides: Booking | None = None,
) -> Days:
    """Lock those of these chefs who take so many a day, and return what they have by now.

    Two queries, if there are any. The spans are ticks that bookings of these chefs may own; one
    that is to be moved is not counted.
    """
    limited = {pk: schedules[pk] for pk in spans if schedules[pk].per_day}
    if not limited:
        return Days({}, {})
    _lock(sorted(limited))
    ticks = [tick for pk in limited for tick in (spans[pk].start, spans[pk].stop)]
    first, last = (EPOCH + tick * QUARTER for tick in (min(ticks), max(ticks)))
    rows = Booking.objects.standing(now=now).of_chefs(limited).starting(first=first, last=last)
    starts: defaultdict[int, list[datetime]] = defaultdict(list)
    for pk, chef_id, starts_at in rows.values_list("pk", "chef_id", "starts_at"):
        if besides is None or pk != besides.pk:
            starts[chef_id].append(starts_at)
    return Days(limited, starts)


def _lock(chef_ids: Sequence[int]) -> None:
    """In one order, so that two batches can't wait for each other."""
    rows = Chef.objects.filter(pk__in=chef_ids).order_by("pk").values_list("pk")
    list(rows.select_for_update(no_key=True))


def has_room(booking: Booking, schedule: Schedule, *, now: datetime) -> bool:
    """Tell whether its day has room for a booking, itself not counted. The chef is locked."""
    day = booking.starts_at.astimezone(schedule.zone).date()
    span = slots.span(day, day, schedule)
    schedules, spans = {booking.chef_id: schedule}, {booking.chef_id: span}
    days = locked_days(schedules, spans, now=now, besides=booking)
    return slots.day_number(day) not in days.full(booking.chef_id)


def has_room_still(hold: Booking, *, now: datetime) -> bool:
    """Tell whether its day has room for a hold whose time is up."""
    if not hold.chef.bookings_per_day:
        return True
    chef = Chef.objects.with_availability().get(pk=hold.chef_id)
    return has_room(hold, schedule_of(chef), now=now)
