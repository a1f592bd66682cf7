"""The diary: the one place that decides whether a booking may start at a time, and why not."""

from collections.abc import Iterable, Set
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from bookings.slots.quarters import TICK, owned
from bookings.slots.schedule import Schedule, Windows
from bookings.slots.wall import (
    DAY,
    EPOCH,
    HOUR,
    MINUTE,
    exists,
    reached,
    shown,
    steady_offset,
)


class Reason(StrEnum):
    """Why a start is refused. Of several reasons, the first in this order is given."""

    DURATION_NOT_OFFERED = "duration_not_offered"
    TOO_FAR = "too_far"  # beyond the horizon
    TOO_SOON = "too_soon"  # past, or within the minimum notice
    NONEXISTENT_TIME = "nonexistent_time"  # skipped when clocks are put forward
    OFF_QUARTER = "off_quarter"  # not on a quarter hour of UTC
    REPEATED_TIME = "repeated_time"  # the second pass of an hour that happens twice
    CLOSED = "closed"  # an exception closes that date
    OUTSIDE_HOURS = "outside_hours"  # no window covers it
    OFF_STEP = "off_step"  # within hours, but no step from a window's start
    DOES_NOT_FIT = "does_not_fit"  # hours end before the booking would
    DAY_FULL = "day_full"  # as many bookings as the chef takes on one date
    TAKEN = "taken"


@dataclass(frozen=True, slots=True)
class Page:
    """A local date of the diary: the starts it has, and when the chef works around it."""

    starts: frozenset[int]  # wall times
    hours: list[tuple[int, int]]  # instants, merged and in order
    is_closed: bool
    offset: int | None  # from UTC; None where clocks change

    def closing(self, instant: int) -> int | None:
        """Return when the hours around an instant end, None outside of hours."""
        for begins, ends in self.hours:
            if begins <= instant < ends:
                return ends
        return None


class Diary:
    """What one chef's schedule and taken ticks say about bookings of some hours, seen from now.

    `full` are the local dates that have as many bookings as the chef takes on one. Pages are
    written when they are first looked up. Days are numbers of local dates, and a start belongs to
    the date on which it lies, whichever date's window it comes from.
    """

    def __init__(
        self,
        schedule: Schedule,
        taken: Set[int],
        *,
        hours: int,
        now: datetime,
        full: Set[int] = frozenset(),
    ) -> None:
        self.schedule = schedule
        self.zone = schedule.zone
        self._taken = taken
        self._full = full
        self._is_offered = hours in schedule.durations
        self._length = hours * HOUR if self._is_offered else 0
        self._owned = owned(0, self._length, schedule)
        self._windows = Windows(schedule)
        self._pages: dict[int, Page] = {}
        moment = (now - EPOCH).total_seconds()
        self._earliest = moment + schedule.minimum_notice * MINUTE
        self.today = shown(self.zone, int(moment)) // DAY
        self.last_day = self.today + schedule.horizon_days
        self._horizon = reached(self.zone, (self.last_day + 1) * DAY)

    def page(self, day: int) -> Page:
        """Return what the diary says about a local date."""
        page = self._pages.get(day)
        if page is None:
            page = self._pages[day] = self._write(day)
        return page

    def verdict(self, wall: int, instant: float | None = None) -> Reason | None:
        """Return why no booking may start when the clock shows `wall`, None if one may.

        `instant` tells the two passes of a repeated hour apart; without it the first is meant.
        """
        page = self.page(wall // DAY)
        first = reached(self.zone, wall) if page.offset is None else wall - page.offset
        refused = self._clock_refuses(page, wall, first, first if instant is None else instant)
        return refused or self._chef_refuses(page, wall, first)

    def _clock_refuses(self, page: Page, wall: int, first: int, instant: float) -> Reason | None:
        if not self._is_offered:
            return Reason.DURATION_NOT_OFFERED
        if instant >= self._horizon:
            return Reason.TOO_FAR
        if instant < self._earliest:
            return Reason.TOO_SOON
        if page.offset is None and not exists(self.zone, wall):
            return Reason.NONEXISTENT_TIME
        if instant % TICK:
            return Reason.OFF_QUARTER
        if instant != first:
            return Reason.REPEATED_TIME
        return None

    def _chef_refuses(self, page: Page, wall: int, instant: int) -> Reason | None:
        closing = page.closing(instant)
        if closing is None:
            return Reason.CLOSED if page.is_closed else Reason.OUTSIDE_HOURS
        if wall not in page.starts:
            return Reason.OFF_STEP
        if instant + self._length > closing:
            return Reason.DOES_NOT_FIT
        if wall // DAY in self._full:
            return Reason.DAY_FULL
        tick = instant // TICK
        if not self._taken.isdisjoint(range(tick + self._owned.start, tick + self._owned.stop)):
            return Reason.TAKEN
        return None

    def _write(self, day: int) -> Page:
        # A window lasts a day at most, so only yesterday's reach into this date. A booking that
        # starts on it ends `ahead` dates later at most: no clock is put forward by three hours.
        ahead = 1 + (self._length + 3 * HOUR) // DAY
        near = range(day - 1, day + ahead + 1)
        windows = [window for date in near for window in self._windows.of(date)]
        return Page(
            starts=frozenset(self._starts(day, windows)),
            hours=self._merged(windows),
            is_closed=self._windows.is_closed(day),
            offset=steady_offset(self.zone, day),
        )

    def _starts(self, day: int, windows: Iterable[tuple[int, int]]) -> Iterable[int]:
        """Yield the wall times of a date that lie whole steps from a window's start, in it."""
        step = self.schedule.step * MINUTE
        midnight = day * DAY
        for begins, ends in windows:
            behind = max(midnight - begins, 0)
            yield from range(begins + -(-behind // step) * step, min(ends, midnight + DAY), step)

    def _merged(self, windows: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
        """Return the instants of windows, those that touch or overlap joined."""
        merged: list[tuple[int, int]] = []
        for begins, ends in sorted(windows):
            opens, closes = reached(self.zone, begins), reached(self.zone, ends)
            if merged and opens <= merged[-1][1]:
                opens, reach = merged.pop()
                closes = max(closes, reach)
            merged.append((opens, closes))
        return merged
