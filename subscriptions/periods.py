"""Periods of a subscription: whole months from its anchor, by the clock on the customer's wall."""

import calendar
from datetime import UTC, datetime, timedelta

from softfactory.kernel.zones import zone

MONTHS = {"month": 1, "year": 12}  # of each interval


def boundary(anchor: datetime, timezone: str, months: int) -> datetime:
    """Return the instant that lies `months` calendar months from `anchor`, in UTC.

    It has the anchor's day and time in `timezone`, or the month's last day where that day does not
    exist. Counted from the anchor itself, never from a boundary before: 31 January, 28 February,
    31 March. A time that clocks skip is met later by as much, of one that comes twice the first
    counts.
    """
    local = anchor.astimezone(zone(timezone))
    years, month = divmod(local.month - 1 + months, 12)
    year, month = local.year + years, month + 1
    day = min(local.day, calendar.monthrange(year, month)[1])
    # A whole number of months is the anchor itself, in whichever pass of an hour it lies.
    fold = local.fold if months == 0 else 0
    return local.replace(year=year, month=month, day=day, fold=fold).astimezone(UTC)


def calendar_month(timezone: str, *, now: datetime) -> tuple[datetime, datetime]:
    """Return what names the month that `now` lies in by the clocks of `timezone`, and its end.

    The name is the month's first instant in UTC, so that it is one name in all zones.
    """
    today = now.astimezone(zone(timezone))
    first = today.replace(day=1, hour=0, minute=0, second=0, microsecond=0, fold=0)
    return datetime(today.year, today.month, 1, tzinfo=UTC), boundary(first, timezone, 1)


def seconds(first: datetime, last: datetime) -> int:
    """Return how many whole seconds lie between two instants."""
    return (last - first) // timedelta(seconds=1)


def whole_second(instant: datetime) -> datetime:
    """Return the second that an instant lies in: what is charged for is counted in those."""
    return instant.replace(microsecond=0)
