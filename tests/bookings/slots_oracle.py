"""Free times by brute force: reads the chef's clock every five minutes and looks, for comparison.

It shares no code with bookings.slots and does no arithmetic with offsets from UTC: local times
come from `astimezone` alone, windows are sets of moments, and a booking owns what it walks over.
"""

from bisect import bisect_left
from datetime import UTC, date, datetime, time, timedelta
from itertools import accumulate

STRIDE = timedelta(minutes=5)
DAY = timedelta(days=1)


class Oracle:
    """Judges starts on the local dates `first` to `last` one by one."""

    def __init__(self, schedule, taken, *, first, last, hours, now):
        self.schedule, self.taken, self.hours, self.now = schedule, taken, hours, now
        self.dates = [first + DAY * n for n in range((last - first).days + 1)]
        begin = datetime.combine(first - 3 * DAY, time(), UTC)
        count = (last - first + 9 * DAY) // STRIDE
        self.moments = [begin + STRIDE * n for n in range(count)]
        self.locals = [
            moment.astimezone(schedule.zone).replace(tzinfo=None) for moment in self.moments
        ]
        self._furthest = list(accumulate(self.locals, max))
        self._first_shown: dict[datetime, int] = {}
        for index, local in enumerate(self.locals):
            self._first_shown.setdefault(local, index)
        self.grid, self._open = set(), set()
        step = timedelta(minutes=schedule.step)
        for day in [first + DAY * n for n in range(-2, (last - first).days + 5)]:
            for starts, ends in self._windows(day):
                self._open.update(range(self._index(starts), self._index(ends)))
                steps = -(-(ends - starts) // step)
                self.grid.update(starts + step * n for n in range(steps))

    def _windows(self, day: date):
        rows = [row for row in self.schedule.dated if row.date == day]
        if any(row.starts is None for row in rows):
            return
        midnight = datetime.combine(day, time())
        for row in rows or [r for r in self.schedule.weekly if r.weekday == day.weekday()]:
            starts = midnight + timedelta(minutes=row.starts)
            ends = midnight + timedelta(minutes=row.ends)
            yield starts, ends if ends > starts else ends + DAY

    def _index(self, local: datetime) -> int:
        """Return which moment is the first at which the clock shows `local` or later."""
        return bisect_left(self._furthest, local)

    def on_local(self, local: datetime) -> str | None:
        """Return why a local start is refused, None if it is offered."""
        index = self._index(local)
        return self._of_request(index) or (
            "nonexistent_time" if local not in self._first_shown else self._of_moment(index)
        )

    def on_moment(self, index: int) -> str | None:
        """Return why the start at one of the moments is refused, None if it is offered."""
        return self._of_request(index) or self._of_moment(index)

    def _of_request(self, index: int) -> str | None:
        schedule, moment, local = self.schedule, self.moments[index], self.locals[index]
        if self.hours not in schedule.durations:
            return "duration_not_offered"
        if local.date() > self.now.astimezone(schedule.zone).date() + DAY * schedule.horizon_days:
            return "too_far"
        if moment - timedelta(minutes=schedule.minimum_notice) < self.now:
            return "too_soon"
        return None

    def _of_moment(self, index: int) -> str | None:
        moment, local = self.moments[index], self.locals[index]
        if moment.minute % 15:
            return "off_quarter"
        if self._first_shown[local] != index:
            return "repeated_time"
        if index not in self._open:
            rows = [row for row in self.schedule.dated if row.date == local.date()]
            return "closed" if any(row.starts is None for row in rows) else "outside_hours"
        if local not in self.grid:
            return "off_step"
        until = index + timedelta(hours=self.hours) // STRIDE
        if not all(step in self._open for step in range(index, until)):
            return "does_not_fit"
        before = timedelta(minutes=self.schedule.buffer_before) // STRIDE
        after = timedelta(minutes=self.schedule.buffer_after) // STRIDE
        owned = {
            int(step.timestamp()) // 900 for step in self.moments[index - before : until + after]
        }
        return "taken" if owned & self.taken else None

    def verdicts(self) -> dict[datetime, str | None]:
        """Return each local start of the dates, on a step from midnight or of a window."""
        step = timedelta(minutes=self.schedule.step)
        asked = {local for local in self.grid if local.date() in self.dates}
        for day in self.dates:
            midnight = datetime.combine(day, time())
            asked.update(midnight + step * n for n in range(-(-DAY // step)))
        return {local: self.on_local(local) for local in sorted(asked)}
