"""Calendar files: `icalendar` reads back what was written, zones included."""

from datetime import UTC, datetime, timedelta
from random import Random
from zoneinfo import ZoneInfo

import icalendar
import pytest

from softfactory.kernel.calendars import Event, calendar_file

ZONES = (
    *("UTC", "Asia/Seoul", "Europe/Paris", "America/New_York", "America/St_Johns"),
    *("Australia/Lord_Howe", "Africa/Casablanca", "Asia/Kathmandu", "Pacific/Apia"),
    *("America/Santiago", "Asia/Tehran", "Antarctica/Troll"),
)
WORDS = (
    *("pancakes", "떡볶이 2인분", "a, b; c", "back\\slash", "two\nlines", "“quoted”", "👩‍🍳🥘" * 9),
    *("x" * 200, "ends in \\n", ":colon", " leading", "café" * 30, "BEGIN:VEVENT"),
)
STATES = ("TENTATIVE", "CONFIRMED", "CANCELLED")


def event(**overrides):
    """A dinner in Paris."""
    at = datetime(2027, 1, 15, 18, tzinfo=UTC)
    values = {
        "uid": "booking-1@example.test",
        "sequence": 0,
        "created_at": at - timedelta(days=9),
        "modified_at": at - timedelta(days=8),
        "starts_at": at,
        "ends_at": at + timedelta(hours=3),
        "zone": ZoneInfo("Europe/Paris"),
        "status": "CONFIRMED",
        "summary": "Dinner",
    }
    return Event(**values | overrides)


def generated(count):
    """Events of all zones, about half of which lie around a change of clocks."""
    random = Random(7)
    for number in range(count):
        zone = ZoneInfo(random.choice(ZONES))
        day = datetime(2026, 1, 1, tzinfo=UTC) + timedelta(days=random.randrange(1000))
        if number % 2:
            month, date = random.choice([(3, 14), (3, 28), (10, 31), (11, 7), (4, 4)])
            day = datetime(2027, month, date, tzinfo=UTC)
        starts_at = day + timedelta(minutes=15 * random.randrange(96))
        yield event(
            uid=f"booking-{number}@example.test",
            sequence=random.randrange(50),
            starts_at=starts_at,
            ends_at=starts_at + timedelta(hours=random.randrange(1, 25)),
            zone=zone,
            status=random.choice(STATES),
            summary=random.choice(WORDS),
            description=" ".join(random.choices(WORDS, k=4)).strip(),
            location=random.choice(WORDS).strip(),
            url=f"https://example.test/bookings/{number}",
        )


def read(content):
    """Return the calendar that a client makes of the bytes."""
    return icalendar.Calendar.from_ical(content)


def test_300_events_are_read_back_the_same():
    events = list(generated(300))
    found = read(calendar_file(events, name="Bookings")).walk("VEVENT")

    for written, seen in zip(events, found, strict=True):
        assert seen["UID"] == written.uid
        assert seen["SEQUENCE"] == written.sequence
        assert seen["STATUS"] == written.status
        assert seen["SUMMARY"] == written.summary
        assert seen["DESCRIPTION"] == written.description
        assert seen["LOCATION"] == written.location
        assert seen["URL"] == written.url
        for name, instant in (
            ("DTSTART", written.starts_at),
            ("DTEND", written.ends_at),
            ("CREATED", written.created_at),
            ("LAST-MODIFIED", written.modified_at),
            ("DTSTAMP", written.modified_at),
        ):
            assert seen[name].dt.astimezone(UTC) == instant, (written, name)


def test_a_zone_says_by_itself_what_its_clocks_do():
    """As a client reads it that has no table of zones, or another one."""
    events = list(generated(300))
    calendar = read(calendar_file(events))
    zones = {str(zone["TZID"]): zone.to_tz(lookup_tzid=False) for zone in calendar.timezones}

    assert zones.keys() == {event.zone.key for event in events} - {"UTC"}
    for written, seen in zip(events, calendar.walk("VEVENT"), strict=True):
        for name, instant in (("DTSTART", written.starts_at), ("DTEND", written.ends_at)):
            if zone := zones.get(seen[name].params.get("TZID", "")):
                local = seen[name].dt.replace(tzinfo=None)
                assert local - zone.utcoffset(local) == instant.replace(tzinfo=None), written


def test_lines_are_folded_between_characters_and_end_in_crlf():
    content = calendar_file([event(summary=word, description=word * 3) for word in WORDS])

    assert content.endswith(b"END:VCALENDAR\r\n")
    for line in content.removesuffix(b"\r\n").split(b"\r\n"):
        assert len(line) <= 75
        line.decode()
        assert b"\n" not in line


@pytest.mark.parametrize("text", ["bell\x07", "a\r\nBEGIN:VALARM", "tab\tstays", "null\x00"])
def test_a_text_stays_a_text(text):
    [seen] = read(calendar_file([event(summary=text)])).walk("VEVENT")

    assert seen["SUMMARY"] == text.replace("\r\n", "\n").replace("\x07", "").replace("\x00", "")
    assert not seen.subcomponents


def test_a_second_pass_of_an_hour_is_written_in_utc():
    ends_at = datetime(2027, 10, 31, 1, 30, tzinfo=UTC)  # 2:30 in Paris, for the second time
    content = calendar_file([event(starts_at=ends_at - timedelta(hours=2), ends_at=ends_at)])

    assert b"DTSTART;TZID=Europe/Paris:20271031T013000\r\n" in content
    assert b"DTEND:20271031T013000Z\r\n" in content


def test_the_same_events_are_the_same_bytes():
    events = list(generated(20))
    assert calendar_file(events) == calendar_file(events)
