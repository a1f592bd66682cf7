"""What the events of a calendar file take of a chef's time. No database, no network.

The file is a stranger's: how often its events repeat, and how many there are, is limited before
anything is worked out.
"""

from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime, time, timedelta
from itertools import islice
from math import prod
from typing import Any
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

MOST_EVENTS = 2_000
MOST_TIMES = 10_000  # of all events together
TOO_OFTEN = {"SECONDLY", "MINUTELY", "HOURLY"}
MOST_A_DAY = 24
MOST_STEPS = 300_000  # that working out repetitions may take
DAYS_APART = {"DAILY": 1, "WEEKLY": 7, "MONTHLY": 28, "YEARLY": 365}
#: How far before now something is read that may last until then.
BACK = timedelta(days=1)

type Period = tuple[datetime, datetime]


class Unreadable(Exception):
    """It is no calendar, or more of one than is read; the text says so to its owner."""


def busy_periods(
    *files: bytes, zone: ZoneInfo, first: datetime, until: datetime, own_host: str
) -> list[Period]:
    """Return the periods that events take between two instants, in order, joined where they touch.

    A calendar is one file, or many, each with what belongs together.
    Times without a zone, and whole days, are those of the chef's zone. Left out is what was called
    off, what is marked as free, and what this site wrote itself. Raises Unreadable.
    """
    import icalendar
    import recurring_ical_events

    if not files:
        return []
    if sum(file.count(b"BEGIN:VEVENT") for file in files) > MOST_EVENTS:  # to read them takes long
        raise Unreadable(_("It has too many events."))
    try:
        calendar, *others = [icalendar.Calendar.from_ical(file) for file in files]
        for other in others:
            calendar.subcomponents += other.subcomponents
        _refuse_too_much(calendar, until.date())
        events = recurring_ical_events.of(calendar).between(first, until)
        times = list(islice(_times(events, zone, own_host), MOST_TIMES + 1))
    except Unreadable:
        raise
    except Exception as error:  # whatever a stranger's file does to a library
        raise Unreadable(_("This is no calendar that can be read.")) from error
    if len(times) > MOST_TIMES:
        raise Unreadable(_("It has too many events."))
    return list(
        _joined((max(a, first), min(b, until)) for a, b in times if a < until and b > first)
    )


def _refuse_too_much(calendar: Any, until: date) -> None:
    events = calendar.walk("VEVENT")
    if len(events) > MOST_EVENTS:
        raise Unreadable(_("It has too many events."))
    steps = 0.0
    for event in events:
        rules = event.get("RRULE") or []
        for rule in rules if isinstance(rules, list) else [rules]:
            steps += _steps(rule, event["DTSTART"].dt, until)
    if steps > MOST_STEPS:
        raise Unreadable(_("It has too many events."))


def _steps(rule: Any, begins: date, until: date) -> float:
    """Return about how often an event repeats by a date. Raises Unreadable for many a day."""
    often = {str(word).upper() for word in rule.get("FREQ", [])}
    a_day = prod(len(rule.get(part, [1])) for part in ("BYHOUR", "BYMINUTE", "BYSECOND"))
    if often & TOO_OFTEN or a_day > MOST_A_DAY:
        raise Unreadable(_("It has an event that repeats too often."))
    days = (until - date(begins.year, begins.month, begins.day)).days
    in_each = len(rule.get("BYDAY", [1])) * len(rule.get("BYMONTHDAY", [1])) * a_day
    apart = min((DAYS_APART.get(word, 1) for word in often), default=1)
    return max(days, 0) / apart * in_each


def _times(events: Iterable[Any], zone: ZoneInfo, own_host: str) -> Iterator[Period]:
    for event in events:
        is_off = str(event.get("STATUS", "")).upper() == "CANCELLED"
        is_free = str(event.get("TRANSP", "")).upper() == "TRANSPARENT"
        is_ours = str(event.get("UID", "")).endswith(f"@{own_host}")
        if not (is_off or is_free or is_ours):
            starts, ends = (_instant(event[name].dt, zone) for name in ("DTSTART", "DTEND"))
            if ends > starts:
                yield starts, ends


def _instant(at: date, zone: ZoneInfo) -> datetime:
    if not isinstance(at, datetime):
        at = datetime.combine(at, time(), zone)
    return (at if at.tzinfo else at.replace(tzinfo=zone)).astimezone(UTC)


def _joined(periods: Iterable[Period]) -> Iterator[Period]:
    known: Period | None = None
    for starts, ends in sorted(periods):
        if known and starts <= known[1]:
            known = known[0], max(known[1], ends)
        else:
            if known:
                yield known
            known = starts, ends
    if known:
        yield known
