"""Local times as instants, where clocks are put forward and back too."""

import re
from datetime import UTC, datetime, time
from zoneinfo import ZoneInfo

OF_DAY = re.compile(r"([01]\d|2[0-3]):([0-5]\d)")


def instant_of(local: datetime, zone: ZoneInfo) -> datetime:
    """Return when the clock of a zone shows this naive time; of two such instants the first.

    One that is left out counts on from before the change: 02:30 is 03:30 where clocks go from 02:00
    to 03:00. Source: RFC 5545, section 3.3.5.
    """
    return local.replace(tzinfo=zone, fold=0).astimezone(UTC)


def exists(local: datetime, zone: ZoneInfo) -> bool:
    """Tell whether the clock of a zone ever shows this naive time."""
    return instant_of(local, zone).astimezone(zone).replace(tzinfo=None) == local


def time_of(text: object) -> time:
    """Return the time of day that is written `09:30`. Raises ValueError for anything else."""
    match = OF_DAY.fullmatch(text) if isinstance(text, str) else None
    if match is None:
        raise ValueError(f"{text!r} is no time of day. Write it as 09:30.")
    return time(int(match[1]), int(match[2]))


def weekday_of(number: object) -> int:
    """Return the number of a weekday, Monday 0. Raises ValueError for anything else."""
    if not isinstance(number, int) or isinstance(number, bool) or not 0 <= number <= 6:
        raise ValueError(f"{number!r} is no weekday. They are 0, for Monday, to 6.")
    return number
