"""Ticks: the quarter hours of UTC that a booking owns, numbered from 1970."""

from datetime import date, datetime, timedelta

from bookings.slots.schedule import Schedule
from bookings.slots.wall import DAY, EPOCH, HOUR, MINUTE, day_number, reached

TICK = 900  # seconds


def ticks(
    starts_at: datetime, ends_at: datetime, buffer_before: int = 0, buffer_after: int = 0
) -> range:
    """Return the ticks that a booking owns, its buffers (minutes) included."""
    before, after = timedelta(minutes=buffer_before), timedelta(minutes=buffer_after)
    quarter = timedelta(seconds=TICK)
    return range((starts_at - before - EPOCH) // quarter, -((EPOCH - ends_at - after) // quarter))


def span(first: date, last: date, schedule: Schedule) -> range:
    """Return every tick that may decide about starts on these local dates, both included."""
    begins = reached(schedule.zone, day_number(first) * DAY)
    ends = reached(schedule.zone, (day_number(last) + 1) * DAY)
    longest = max(schedule.durations, default=0) * HOUR
    return owned(begins, ends - begins + longest, schedule)


def owned(instant: int, seconds: int, schedule: Schedule) -> range:
    """Return the ticks of a booking of this chef, from its first instant and its length."""
    begins = instant - schedule.buffer_before * MINUTE
    ends = instant + seconds + schedule.buffer_after * MINUTE
    return range(begins // TICK, -(-ends // TICK))
