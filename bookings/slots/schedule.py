"""A chef's availability as it is stored: weekly windows, dates that differ, and the rules."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from zoneinfo import ZoneInfo

from bookings.slots.wall import DAY, MINUTE, day_number


@dataclass(frozen=True, slots=True)
class WeeklyWindow:
    """Hours of one weekday (Monday 0), as minutes after local midnight.

    An end that is not after the start lies on the next day.
    """

    weekday: int
    starts: int
    ends: int


@dataclass(frozen=True, slots=True)
class DatedWindow:
    """Hours of one date; those of a date replace its weekly ones. None and None: closed."""

    date: date
    starts: int | None
    ends: int | None


@dataclass(frozen=True, slots=True)
class Travel:
    """Where a chef sets out from, in degrees, how fast, and how far at most."""

    latitude: float
    longitude: float
    speed_kmh: int
    most_km: int | None = None


@dataclass(frozen=True, slots=True)
class Schedule:
    """All that a chef has said about when to be booked."""

    zone: ZoneInfo
    weekly: tuple[WeeklyWindow, ...]
    dated: tuple[DatedWindow, ...]
    buffer_before: int  # minutes, like the next two
    buffer_after: int
    minimum_notice: int
    horizon_days: int
    durations: tuple[int, ...]  # whole hours
    step: int  # minutes
    per_day: int | None = None  # bookings that start on one date, at most
    travel: Travel | None = None


class Windows:
    """A schedule's windows by local date, as half-open pairs of wall times.

    A window belongs to the date on which it starts, also where it runs past midnight: closing a
    Tuesday leaves Monday night's last hours alone.
    """

    def __init__(self, schedule: Schedule) -> None:
        self._weekly: dict[int, list[tuple[int, int]]] = defaultdict(list)
        self._dated: dict[int, list[tuple[int, int]]] = defaultdict(list)
        self._closed: set[int] = set()
        for rule in schedule.weekly:
            self._weekly[rule.weekday].append((rule.starts, rule.ends))
        for row in schedule.dated:
            day = day_number(row.date)
            if row.starts is None or row.ends is None:
                self._closed.add(day)
            else:
                self._dated[day].append((row.starts, row.ends))

    def is_closed(self, day: int) -> bool:
        """Tell whether a dated row closes that date, which also outdoes hours given for it."""
        return day in self._closed

    def of(self, day: int) -> Iterator[tuple[int, int]]:
        """Yield the windows that start on a date."""
        if day in self._closed:
            return
        weekday = (day + 3) % 7  # 1970-01-01 was a Thursday
        minutes = self._dated[day] if day in self._dated else self._weekly[weekday]
        for starts, ends in minutes:
            last = day if ends > starts else day + 1
            yield day * DAY + starts * MINUTE, last * DAY + ends * MINUTE
