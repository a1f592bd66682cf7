"""Local time as plain numbers: a clock on the chef's wall, and the instants at which it is read.

An *instant* is seconds since 1970-01-01 00:00 UTC. A *wall* time is what the clock shows, as
seconds since it would have shown 1970-01-01 00:00 had it never been put forward or back, so that
`wall // DAY` numbers the local date. Where clocks change, the two part ways: a gap of wall times
that never come, or an hour that comes twice (PEP 495's fold).
"""

from bisect import bisect_left
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

MINUTE = 60
HOUR = 3600
DAY = 86_400
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
FIRST_DATE = date(1970, 1, 1).toordinal()

# datetime cannot name what lies beyond its first and last date: they borrow a neighbour's offset.
_FIRST_STEADY = date.min.toordinal() - FIRST_DATE + 1
_LAST_STEADY = date.max.toordinal() - FIRST_DATE - 1


def day_number(day: date) -> int:
    """Return the number of a local date: `wall // DAY` of all its wall times."""
    return day.toordinal() - FIRST_DATE


def as_local(wall: int) -> datetime:
    """Return a wall time as a naive datetime."""
    return datetime.fromtimestamp(wall, UTC).replace(tzinfo=None)


def as_utc(instant: int) -> datetime:
    """Return an instant as an aware datetime in UTC."""
    return datetime.fromtimestamp(instant, UTC)


def shown(zone: ZoneInfo, instant: int) -> int:
    """Return what the clock shows at an instant."""
    return instant + _offset(datetime.fromtimestamp(instant, zone))


def reached(zone: ZoneInfo, wall: int) -> int:
    """Return the first instant at which the clock shows `wall` or later.

    That is when it shows `wall`, the first of two if there are two, and for a wall time inside a
    gap the moment when the clock is put forward.
    """
    steady = steady_offset(zone, wall // DAY)
    if steady is not None:
        return wall - steady
    before, after = _offsets(zone, wall)
    if before >= after:
        return wall - before
    around = range(wall - after, wall - before)
    changed = bisect_left(around, after, key=lambda at: _offset(datetime.fromtimestamp(at, zone)))
    return around.start + changed


def exists(zone: ZoneInfo, wall: int) -> bool:
    """Tell whether the clock ever shows `wall`."""
    if steady_offset(zone, wall // DAY) is not None:
        return True
    before, after = _offsets(zone, wall)
    return before >= after


@lru_cache(maxsize=16_384)
def steady_offset(zone: ZoneInfo, day: int) -> int | None:
    """Return the offset from UTC that holds all of a local date, None if clocks change on it.

    Comparing its two ends suffices: no zone ever changed its clock twice within a day.
    """
    day = min(max(day, _FIRST_STEADY), _LAST_STEADY)
    morning, _ = _offsets(zone, day * DAY)
    _, night = _offsets(zone, (day + 1) * DAY)
    return morning if morning == night else None


def _offsets(zone: ZoneInfo, wall: int) -> tuple[int, int]:
    """Return the offsets that hold before and after a change at `wall`; elsewhere they are equal.

    The first is the smaller one in a gap and the greater one in a repeated hour.
    """
    local = as_local(wall).replace(tzinfo=zone)
    return _offset(local), _offset(local.replace(fold=1))


def _offset(local: datetime) -> int:
    return (local.utcoffset() or timedelta()) // timedelta(seconds=1)
