"""Twelve zones that change their clocks, each in its own way, and when they did so in 2027."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

ZONES = (
    "Europe/London",
    "Europe/Berlin",
    "Europe/Dublin",  # whose winter is the exception
    "America/New_York",
    "America/St_Johns",  # half past
    "America/Havana",  # at midnight
    "America/Santiago",  # at midnight, in the southern spring
    "Australia/Sydney",
    "Australia/Lord_Howe",  # by half an hour
    "Pacific/Chatham",  # by quarters
    "Asia/Jerusalem",
    "Africa/Cairo",  # at midnight
)
HOUR = timedelta(hours=1)


def changes_of(name: str) -> list[datetime]:
    """The instants in 2027 at which a zone's clocks were changed, to the minute."""
    zone = ZoneInfo(name)
    found, instant = [], datetime(2027, 1, 1, tzinfo=UTC)
    while instant.year == 2027:
        if offset(instant, zone) != offset(instant + HOUR, zone):
            exact = instant
            while offset(exact, zone) == offset(instant, zone):
                exact += timedelta(minutes=1)
            found.append(exact)
        instant += HOUR
    return found


def offset(instant: datetime, zone: ZoneInfo) -> timedelta:
    return instant.astimezone(zone).utcoffset()


#: (zone, change) for both changes of each.
CHANGES = [(name, change) for name in ZONES for change in changes_of(name)]
