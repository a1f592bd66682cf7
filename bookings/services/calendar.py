"""When chefs are free: their stored availability and occupancy, handed to the slot rules.

Each answer notes when the clock will change it, for whoever keeps it.
"""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping
from datetime import date, datetime, timedelta
from typing import NamedTuple

from bookings import slots
from bookings.models import Chef, Occupancy
from bookings.slots import DatedWindow, Refused, Schedule, Slot, Travel, WeeklyWindow
from softfactory.kernel import clock
from softfactory.kernel.profiling import profiled
from softfactory.kernel.zones import zone

# How far ahead a chef's next free time is looked for.
NEXT_FREE_DAYS = 14


class Taken(NamedTuple):
    """What others have of a chef's time: ticks, and dates on which the chef takes no more."""

    ticks: set[int]
    full: set[int]


def schedule_of(chef: Chef) -> Schedule:
    """Return the availability of a chef that was loaded `with_availability()`."""
    return Schedule(
        zone=zone(chef.timezone),
        weekly=tuple(WeeklyWindow(**row) for row in chef.rule_rows or ()),
        dated=tuple(
            DatedWindow(date.fromisoformat(row["date"]), row["starts"], row["ends"])
            for row in chef.exception_rows or ()
        ),
        buffer_before=chef.buffer_before_minutes,
        buffer_after=chef.buffer_after_minutes,
        minimum_notice=chef.minimum_notice_minutes,
        horizon_days=chef.horizon_days,
        durations=tuple(chef.durations),
        step=chef.slot_step_minutes,
        per_day=chef.bookings_per_day,
        travel=_travel_of(chef),
    )


def _travel_of(chef: Chef) -> Travel | None:
    if not chef.travel_kmh or chef.base_latitude is None or chef.base_longitude is None:
        return None
    return Travel(chef.base_latitude, chef.base_longitude, chef.travel_kmh, chef.travel_most_km)


def local_today(chef: Chef, *, now: datetime) -> date:
    """Return the date that it is where the chef works."""
    return now.astimezone(zone(chef.timezone)).date()


def taken_of(
    schedules: Mapping[int, Schedule],
    spans: Mapping[int, range],
    *,
    now: datetime,
    besides: Collection[int] = (),
) -> dict[int, Taken]:
    """Return what is taken of chefs' time, at least within each chef's span. One query.

    Whoever owns ticks of `besides` is not there.
    """
    taken = {pk: Taken(set(), set()) for pk in spans}
    wanted = [span for span in spans.values() if span]
    if not wanted:
        return taken
    reach = range(min(span.start for span in wanted), max(span.stop for span in wanted))
    rows = Occupancy.objects.of_chefs(spans).within(reach).standing(now=now)
    columns = ["chef_id", "tick", "releases_at"]
    is_limited = any(schedules[pk].per_day for pk in spans)
    if is_limited:
        columns += ["booking_id", "booking__starts_at"]
    starts: defaultdict[int, dict[int, datetime]] = defaultdict(dict)
    for chef_id, tick, releases_at, *booking in rows.values_list(*columns):
        if tick in besides:
            continue
        taken[chef_id].ticks.add(tick)
        if releases_at is not None:
            clock.note_change(releases_at)
        if is_limited and booking[0] is not None:
            starts[chef_id].update([booking])
    for pk, of_chef in starts.items():
        taken[pk].full.update(full_days(schedules[pk], of_chef.values()))
    return taken


def full_days(schedule: Schedule, starts: Iterable[datetime]) -> set[int]:
    """Return the local dates on which so many bookings start that the chef takes no more."""
    if not schedule.per_day:
        return set()
    days = Counter(slots.day_number(at.astimezone(schedule.zone).date()) for at in starts)
    return {day for day, count in days.items() if count >= schedule.per_day}


@profiled("compute free slots")
def free_slots(
    *,
    chef: Chef,
    first: date,
    last: date,
    hours: int,
    now: datetime,
    besides: Collection[int] = (),
    schedule: Schedule | None = None,
) -> list[Slot]:
    """Return the chef's free starts on these local dates, both included. One query.

    Ticks of `besides` count as free: those of a booking that is to be moved. A `schedule` counts
    instead of the chef's own: one that travels.
    """
    schedule = schedule or schedule_of(chef)
    ticks, full = _taken(chef, schedule, first, last, now=now, besides=besides)
    free = slots.offered(schedule, ticks, full=full, first=first, last=last, hours=hours, now=now)
    clock.note_change(slots.holds_until(schedule, free[0] if free else None, now=now))
    return free


def days_too_soon(*, chef: Chef, first: date, last: date, hours: int, now: datetime) -> set[date]:
    """Return those of these local dates that the chef's minimum notice leaves nothing of."""
    days, until = slots.too_soon(schedule_of(chef), first=first, last=last, hours=hours, now=now)
    if until is not None:
        clock.note_change(until)
    return days


def explained_slots(
    *,
    chef: Chef,
    first: date,
    last: date,
    hours: int,
    now: datetime,
    schedule: Schedule | None = None,
) -> tuple[list[Slot], list[Refused]]:
    """Return the free starts, and every other time of these dates with its reason. One query."""
    schedule = schedule or schedule_of(chef)
    ticks, full = _taken(chef, schedule, first, last, now=now)
    clock.note_change(clock.next_minute(now))
    return slots.explained(schedule, ticks, full=full, first=first, last=last, hours=hours, now=now)


def _taken(
    chef: Chef,
    schedule: Schedule,
    first: date,
    last: date,
    *,
    now: datetime,
    besides: Collection[int] = (),
) -> Taken:
    span = {chef.pk: slots.span(first, last, schedule)}
    return taken_of({chef.pk: schedule}, span, now=now, besides=besides)[chef.pk]


@profiled("compute next free times")
def next_free(*, chefs: Iterable[Chef], now: datetime) -> dict[int, Slot | None]:
    """Return each chef's next free start for its shortest booking, by id. One query for all."""
    schedules = {chef.pk: schedule_of(chef) for chef in chefs}
    spans = {}
    for pk, schedule in schedules.items():
        today = now.astimezone(schedule.zone).date()
        spans[pk] = slots.span(today, today + timedelta(days=NEXT_FREE_DAYS), schedule)
    taken = taken_of(schedules, spans, now=now)
    free = {}
    for pk, schedule in schedules.items():
        hours = min(schedule.durations, default=1)
        ticks, full = taken[pk]
        slot = slots.next_free(
            schedule, ticks, full=full, now=now, days=NEXT_FREE_DAYS, hours=hours
        )
        clock.note_change(slots.holds_until(schedule, slot, now=now))
        free[pk] = slot
    return free


def chefs_free_on(chefs: Collection[Chef], on: date, *, now: datetime) -> list[Chef]:
    """Return those chefs who have a free start on that local date, for their shortest booking.

    One query, however many they are.
    """
    schedules = {chef.pk: schedule_of(chef) for chef in chefs}
    spans = {pk: slots.span(on, on, schedule) for pk, schedule in schedules.items()}
    taken = taken_of(schedules, spans, now=now)
    clock.note_change(clock.next_minute(now))
    return [
        chef
        for chef in chefs
        if slots.offered(
            schedules[chef.pk],
            taken[chef.pk].ticks,
            full=taken[chef.pk].full,
            first=on,
            last=on,
            hours=min(chef.durations, default=1),
            now=now,
        )
    ]
