"""The queue of an account: weekly times by its clock, and which of them is the next free one."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from itertools import islice
from typing import Any, Self
from zoneinfo import ZoneInfo

from sns.times.wall import instant_of, time_of, weekday_of

MOST_TIMES = 7 * 24  # in a week
FURTHEST = timedelta(weeks=52)  # that a queue reaches ahead
DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True, order=True)
class QueueTime:
    """A weekly time: a weekday (Monday 0) and what the clock shows."""

    weekday: int
    at: time

    @classmethod
    def of(cls, stored: Mapping[str, Any]) -> Self:
        """Return what is stored as `{"weekday": 0, "at": "09:00"}`. Raises ValueError."""
        return cls(weekday_of(stored.get("weekday")), time_of(stored.get("at")))

    def stored(self) -> dict[str, Any]:
        """Return it as it is stored."""
        return {"weekday": self.weekday, "at": f"{self.at:%H:%M}"}


def queue_times(stored: Iterable[Mapping[str, Any]]) -> list[QueueTime]:
    """Return an account's weekly times in order, each once. Raises ValueError."""
    times = sorted({QueueTime.of(slot) for slot in stored})
    if len(times) > MOST_TIMES:
        raise ValueError(f"A week has at most {MOST_TIMES} queue times.")
    return times


def coming(times: Iterable[QueueTime], zone: ZoneInfo, after: datetime) -> Iterator[datetime]:
    """Yield the instants of weekly times after this one, in order, each once, for a year."""
    by_weekday: dict[int, list[time]] = {}
    for queue_time in sorted(set(times)):
        by_weekday.setdefault(queue_time.weekday, []).append(queue_time.at)
    day = after.astimezone(zone).date()
    last = (after + FURTHEST).astimezone(zone).date()
    told = after
    while by_weekday and day <= last:
        of_day = by_weekday.get(day.weekday(), ())
        instants = sorted(instant_of(datetime.combine(day, at), zone) for at in of_day)
        for instant in instants:  # of two that a change of clocks made one, one
            if instant > told:
                told = instant
                yield instant
        day += DAY


def next_free(
    times: Iterable[QueueTime],
    zone: ZoneInfo,
    *,
    after: datetime,
    taken: Collection[datetime] = (),
) -> datetime | None:
    """Return the first queue time after an instant at which nothing is planned yet.

    None where there are no queue times, or all of a year are taken.
    """
    occupied = {instant.astimezone(UTC) for instant in taken}
    return next((at for at in coming(times, zone, after) if at not in occupied), None)


def next_times(
    times: Iterable[QueueTime], zone: ZoneInfo, *, after: datetime, count: int
) -> list[datetime]:
    """Return the next so many queue times, taken or not."""
    return list(islice(coming(times, zone, after), count))
