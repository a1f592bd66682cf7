"""Schedules for the tests of free times."""

from zoneinfo import ZoneInfo

from bookings.slots import Schedule, WeeklyWindow


def make_schedule(zone="Asia/Seoul", **overrides):
    """Return the schedule of a chef who works 10:00 to 18:00 on every day, unless overridden."""
    values = {
        "weekly": daily(("10:00", "18:00")),
        "dated": (),
        "buffer_before": 0,
        "buffer_after": 0,
        "minimum_notice": 0,
        "horizon_days": 90,
        "durations": (2, 3, 4),
        "step": 30,
    }
    return Schedule(zone=ZoneInfo(zone), **{**values, **overrides})


def daily(*windows):
    """Return these hours ("HH:MM", "HH:MM") for every weekday."""
    return tuple(
        WeeklyWindow(weekday, *map(minutes, window)) for weekday in range(7) for window in windows
    )


def minutes(text):
    """Return "HH:MM" as minutes after midnight."""
    hour, minute = text.split(":")
    return int(hour) * 60 + int(minute)
