"""Calendar files, RFC 5545: events that clients read the same, whichever they are.

Times stand in the zone of the place, beside a VTIMEZONE that says what its clocks do around them.
One that happens twice is the first (3.3.5), so the second one is written in UTC.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Literal, NamedTuple
from zoneinfo import ZoneInfo

CONTENT_TYPE = "text/calendar; charset=utf-8"
PRODUCT = "-//SoftFactory//Calendar//EN"
LINE = 75  # bytes, without the break
DAY = timedelta(days=1)

NOT_IN_TEXT = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")
ESCAPES = str.maketrans({"\\": "\\\\", ";": "\\;", ",": "\\,", "\n": "\\n"})

type Status = Literal["TENTATIVE", "CONFIRMED", "CANCELLED"]
type Lines = Iterator[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """Something in a calendar. Whoever reads it again knows it by `uid`, and what is new of it by
    `sequence`, which never falls.
    """

    uid: str
    sequence: int
    created_at: datetime
    modified_at: datetime
    starts_at: datetime
    ends_at: datetime
    zone: ZoneInfo
    status: Status
    summary: str
    description: str = ""
    location: str = ""
    url: str = ""


class Change(NamedTuple):
    """Clocks of a zone change: when, and how far they are from UTC before and after."""

    at: datetime
    before: timedelta
    after: timedelta
    name: str
    is_summer: bool


def calendar_file(events: Sequence[Event], *, name: str = "", refreshed: str = "") -> bytes:
    """Return a calendar of these events. `refreshed` says how often to read it again: `PT1H`."""
    return b"".join(_folded(line) for line in _calendar(events, name, refreshed))


def _calendar(events: Sequence[Event], name: str, refreshed: str) -> Lines:
    yield "BEGIN:VCALENDAR"
    yield "VERSION:2.0"
    yield f"PRODID:{PRODUCT}"
    yield "CALSCALE:GREGORIAN"
    if name:
        yield f"NAME:{_text(name)}"  # RFC 7986; the next one is what clients read before it
        yield f"X-WR-CALNAME:{_text(name)}"
    if refreshed:
        yield f"REFRESH-INTERVAL;VALUE=DURATION:{refreshed}"
        yield f"X-PUBLISHED-TTL:{refreshed}"
    for zone, years in sorted(_zones(events).items()):
        yield from _zone(zone, years)
    for event in events:
        yield from _event(event)
    yield "END:VCALENDAR"


def _event(event: Event) -> Lines:
    yield "BEGIN:VEVENT"
    yield f"UID:{_text(event.uid)}"
    yield f"SEQUENCE:{event.sequence}"
    yield f"DTSTAMP:{_utc(event.modified_at)}"
    yield f"CREATED:{_utc(event.created_at)}"
    yield f"LAST-MODIFIED:{_utc(event.modified_at)}"
    yield f"DTSTART{_local(event.starts_at, event.zone)}"
    yield f"DTEND{_local(event.ends_at, event.zone)}"
    yield f"STATUS:{event.status}"
    yield f"TRANSP:{'TRANSPARENT' if event.status == 'CANCELLED' else 'OPAQUE'}"
    yield f"SUMMARY:{_text(event.summary)}"
    if event.description:
        yield f"DESCRIPTION:{_text(event.description)}"
    if event.location:
        yield f"LOCATION:{_text(event.location)}"
    if event.url:
        yield f"URL:{event.url}"
    yield "END:VEVENT"


def _zones(events: Iterable[Event]) -> dict[str, range]:
    """Return which years each zone is needed for. UTC needs no words."""
    years: dict[str, range] = {}
    for event in events:
        key = event.zone.key
        if key != "UTC":
            ends = (event.starts_at, event.ends_at)
            first, last = (at.astimezone(event.zone).year for at in ends)
            known = years.get(key, range(first, last + 1))
            years[key] = range(min(known.start, first), max(known.stop, last + 1))
    return years


def _zone(key: str, years: range) -> Lines:
    yield "BEGIN:VTIMEZONE"
    yield f"TZID:{key}"
    for change in [_state(key, years.start), *(c for year in years for c in _changes(key, year))]:
        kind = "DAYLIGHT" if change.is_summer else "STANDARD"
        yield f"BEGIN:{kind}"
        yield f"DTSTART:{change.at.astimezone(UTC) + change.before:%Y%m%dT%H%M%S}"
        yield f"TZOFFSETFROM:{_offset(change.before)}"
        yield f"TZOFFSETTO:{_offset(change.after)}"
        yield f"TZNAME:{_text(change.name)}"
        yield f"END:{kind}"
    yield "END:VTIMEZONE"


def _state(key: str, year: int) -> Change:
    """What clocks show shortly before a year begins, wherever it begins, as if they had just been
    set so.
    """
    at = datetime(year, 1, 1, tzinfo=UTC) - DAY
    offset, name, is_summer = _shown(at, ZoneInfo(key))
    return Change(at, offset, offset, name, is_summer)


@lru_cache(maxsize=1_000)
def _changes(key: str, year: int) -> tuple[Change, ...]:
    """Return when clocks are changed in a year of UTC, to the second."""
    zone, changes = ZoneInfo(key), []
    day = datetime(year, 1, 1, tzinfo=UTC) - DAY
    while day.year <= year:
        if _shown(day, zone)[0] != _shown(day + DAY, zone)[0]:
            before, after = day, day + DAY
            while after - before > timedelta(seconds=1):
                middle = before + (after - before) // timedelta(seconds=2) * timedelta(seconds=1)
                is_earlier = _shown(middle, zone)[0] == _shown(day, zone)[0]
                before, after = (middle, after) if is_earlier else (before, middle)
            changes.append(Change(after, _shown(before, zone)[0], *_shown(after, zone)))
        day += DAY
    return tuple(change for change in changes if change.at.year == year)


def _shown(at: datetime, zone: ZoneInfo) -> tuple[timedelta, str, bool]:
    local = at.astimezone(zone)
    return local.utcoffset() or timedelta(), local.tzname() or "", bool(local.dst())


def _local(at: datetime, zone: ZoneInfo) -> str:
    local = at.astimezone(zone)
    if zone.key == "UTC" or local.fold:
        return f":{_utc(at)}"
    return f";TZID={zone.key}:{local:%Y%m%dT%H%M%S}"


def _utc(at: datetime) -> str:
    return f"{at.astimezone(UTC):%Y%m%dT%H%M%SZ}"


def _offset(offset: timedelta) -> str:
    seconds = abs(int(offset.total_seconds()))
    hours, minutes, rest = seconds // 3600, seconds // 60 % 60, seconds % 60
    sign = "-" if offset < timedelta() else "+"
    return f"{sign}{hours:02}{minutes:02}" + (f"{rest:02}" if rest else "")


def _text(text: str) -> str:
    """3.3.11: some characters are escaped, and most control characters have no place."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n")
    return NOT_IN_TEXT.sub("", lines).translate(ESCAPES)


def _folded(line: str) -> bytes:
    """3.1: a long line goes on in the next, after a space; no character is cut in two."""
    whole = line.encode()
    pieces, begin = [], 0
    while begin < len(whole):
        end = min(begin + LINE - bool(begin), len(whole))
        while end < len(whole) and whole[end] & 0xC0 == 0x80:
            end -= 1
        pieces.append(whole[begin:end])
        begin = end
    return b"\r\n ".join(pieces) + b"\r\n"
