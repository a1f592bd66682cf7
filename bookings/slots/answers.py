"""What is asked about free times: which are offered, why others are not, whether one can be had."""

from collections.abc import Iterable, Iterator, Set
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from bookings.slots.diary import Diary, Reason
from bookings.slots.schedule import Schedule
from bookings.slots.wall import (
    DAY,
    EPOCH,
    MINUTE,
    as_local,
    as_utc,
    day_number,
    reached,
    shown,
    steady_offset,
)


@dataclass(frozen=True, slots=True)
class Slot:
    """A start that can be booked: the instant (UTC) and what the chef's clock then shows."""

    starts_at: datetime
    local: datetime


@dataclass(frozen=True, slots=True)
class Refused:
    """A local start that cannot be booked, and the first reason why."""

    local: datetime
    reason: Reason


def offered(
    schedule: Schedule,
    taken: Set[int],
    *,
    first: date,
    last: date,
    hours: int,
    now: datetime,
    full: Set[int] = frozenset(),
) -> list[Slot]:
    """Return the free starts of these local dates, both included, in order.

    `taken` holds the ticks that others own, at least those of `span(first, last, schedule)`;
    `full` the dates (`day_number`) that have as many bookings as the chef takes on one.
    """
    diary = Diary(schedule, taken, hours=hours, now=now, full=full)
    return list(_free(diary, _within_reach(diary, day_number(first), day_number(last))))


def next_free(
    schedule: Schedule,
    taken: Set[int],
    *,
    now: datetime,
    days: int,
    hours: int,
    full: Set[int] = frozenset(),
) -> Slot | None:
    """Return the first free start within `days` local dates, of which today is the first."""
    diary = Diary(schedule, taken, hours=hours, now=now, full=full)
    return next(_free(diary, _within_reach(diary, diary.today, diary.today + days - 1)), None)


def holds_until(schedule: Schedule, first: Slot | None, *, now: datetime) -> datetime:
    """Return when the clock will change an answer of which `first` is the first free start.

    A start goes when it comes within the minimum notice; the dates in reach move when a local day
    begins. On a date on which clocks change, no more is said than of the minute.
    """
    moment = int((now - EPOCH).total_seconds())
    today = shown(schedule.zone, moment) // DAY
    if steady_offset(schedule.zone, today) is None:
        until = as_utc((moment // MINUTE + 1) * MINUTE)
    else:
        until = as_utc(reached(schedule.zone, (today + 1) * DAY))
    return min(until, _goes_at(schedule, first)) if first else until


def _goes_at(schedule: Schedule, slot: Slot) -> datetime:
    """Return the first instant at which it is too soon for this start."""
    last_call = slot.starts_at - timedelta(minutes=schedule.minimum_notice)
    return last_call + timedelta.resolution


def too_soon(
    schedule: Schedule, *, first: date, last: date, hours: int, now: datetime
) -> tuple[set[date], datetime | None]:
    """Return those of these local dates, both included, on which it is too soon for every start,
    whatever is taken; and when the next one will be among them, None if that is another day's.
    """
    diary = Diary(schedule, frozenset(), hours=hours, now=now)
    over: set[date] = set()
    for day in range(day_number(first), day_number(last) + 1):
        verdicts = {wall: diary.verdict(wall) for wall in sorted(diary.page(day).starts)}
        in_time = [wall for wall, reason in verdicts.items() if reason is None]
        if in_time:
            return over, _goes_at(schedule, _slot(diary, in_time[-1]))
        if Reason.TOO_SOON in verdicts.values():
            over.add(first + timedelta(days=day - day_number(first)))
    return over, None


def explained(
    schedule: Schedule,
    taken: Set[int],
    *,
    first: date,
    last: date,
    hours: int,
    now: datetime,
    full: Set[int] = frozenset(),
) -> tuple[list[Slot], list[Refused]]:
    """Return the free starts of these local dates, and the others with the reason for each.

    The others are the starts that the windows have, and every step from local midnight.
    """
    diary = Diary(schedule, taken, hours=hours, now=now, full=full)
    slots: list[Slot] = []
    refused: list[Refused] = []
    for day in range(day_number(first), day_number(last) + 1):
        asked = range(day * DAY, (day + 1) * DAY, schedule.step * MINUTE)
        for wall in sorted(diary.page(day).starts.union(asked)):
            reason = diary.verdict(wall)
            if reason is None:
                slots.append(_slot(diary, wall))
            else:
                refused.append(Refused(as_local(wall), reason))
    return slots, refused


def refusal(
    schedule: Schedule,
    taken: Set[int],
    *,
    starts_at: datetime,
    hours: int,
    now: datetime,
    full: Set[int] = frozenset(),
) -> Reason | None:
    """Return why a booking may not start at an instant, None if it may: it is then offered.

    `taken` holds the ticks that others own, at least those that this booking would.
    """
    # A start in another century is refused like one just out of reach, which zones can convert.
    reach = timedelta(days=schedule.horizon_days + 2)
    starts_at = min(max(starts_at, now - reach), now + reach)
    instant = (starts_at - EPOCH).total_seconds()
    diary = Diary(schedule, taken, hours=hours, now=now, full=full)
    return diary.verdict(shown(schedule.zone, int(instant)), instant)


def judged(
    schedule: Schedule,
    taken: Set[int],
    *,
    local: datetime,
    hours: int,
    now: datetime,
    full: Set[int] = frozenset(),
) -> Reason | None:
    """Return why no booking may start when the chef's clock shows `local`, None if one may."""
    diary = Diary(schedule, taken, hours=hours, now=now, full=full)
    wall = day_number(local.date()) * DAY + (local.hour * 60 + local.minute) * MINUTE
    return diary.verdict(wall)


def _within_reach(diary: Diary, first: int, last: int) -> range:
    """Leave out the dates of which `verdict` would refuse every start anyway."""
    return range(max(first, diary.today), min(last, diary.last_day) + 1)


def _free(diary: Diary, days: Iterable[int]) -> Iterator[Slot]:
    for day in days:
        for wall in sorted(diary.page(day).starts):
            if diary.verdict(wall) is None:
                yield _slot(diary, wall)


def _slot(diary: Diary, wall: int) -> Slot:
    return Slot(as_utc(reached(diary.zone, wall)), as_local(wall))
