"""Calendars elsewhere: read from a real server, and what their events take of a chef's time."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from bookings.invariants import count_wrong_occupancy
from bookings.models import BusyCalendar, BusyPeriod, Occupancy
from bookings.services.busy import EVERY, read_due, reseal_addresses, subscribe, unsubscribe
from bookings.services.calendar import free_slots
from bookings.services.deciding import cancel_booking
from bookings.services.reading_busy import Unreadable, busy_periods
from bookings.services.requesting import BookingRequest, request_booking
from softfactory.kernel import clock
from softfactory.kernel.calendars import Event, calendar_file
from softfactory.kernel.problems import Conflict, DomainError
from softfactory.kernel.sealing import reseal
from tests.makers import make_booking, make_busy_calendar, make_chef, noon_utc
from tests.receivers import Answer, http_receiver

pytestmark = pytest.mark.django_db

SEOUL = ZoneInfo("Asia/Seoul")
FIRST, UNTIL = datetime(2027, 3, 1, tzinfo=UTC), datetime(2027, 5, 1, tzinfo=UTC)
MINUTES = ",".join(map(str, range(60)))


@pytest.fixture
def server(settings):
    """A calendar's server, on loopback."""
    settings.OUTBOUND_ALLOW = ["127.0.0.1"]
    with http_receiver() as receiver:
        yield receiver


@pytest.fixture
def calendar(chef, server):
    """Ben's own calendar, at that server."""
    return make_busy_calendar(chef, f"{server.url}/private-1234/basic.ics")


def file(*lines):
    """A calendar file of one event with these lines, and what every event has."""
    event = ("BEGIN:VEVENT", "UID:a@elsewhere", "DTSTAMP:20270101T000000Z", *lines, "END:VEVENT")
    return "\r\n".join(
        ("BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:x", *event, "END:VCALENDAR", "")
    ).encode()


def dinner(days=7, hours=2, uid="a@elsewhere"):
    """A file with an event at noon in Seoul."""
    starts_at = noon_utc(days)
    return calendar_file(
        [
            Event(
                uid=uid,
                sequence=0,
                created_at=starts_at,
                modified_at=starts_at,
                starts_at=starts_at,
                ends_at=starts_at + timedelta(hours=hours),
                zone=SEOUL,
                status="CONFIRMED",
                summary="Dentist",
            )
        ]
    )


def serve(server, body, **headers):
    server.commands.append(Answer(200, headers, body))


def read(*lines):
    return busy_periods(file(*lines), zone=SEOUL, first=FIRST, until=UNTIL, own_host="ours")


def slots_on(chef, days=7):
    day = noon_utc(days).date()
    from bookings.models import Chef

    chef = Chef.objects.with_availability().get(pk=chef.pk)
    free = free_slots(chef=chef, first=day, last=day, hours=2, now=clock.now())
    return {slot.local.hour + slot.local.minute / 60 for slot in free}


# --- What a file says -----------------------------------------------------------------------


def test_an_event_that_repeats_across_a_change_of_clocks():
    found = read(
        "DTSTART;TZID=America/New_York:20270305T180000",
        "DTEND;TZID=America/New_York:20270305T200000",
        "RRULE:FREQ=WEEKLY;COUNT=3",
        "EXDATE;TZID=America/New_York:20270312T180000",
    )
    assert found == [
        (datetime(2027, 3, 5, 23, tzinfo=UTC), datetime(2027, 3, 6, 1, tzinfo=UTC)),
        (datetime(2027, 3, 19, 22, tzinfo=UTC), datetime(2027, 3, 20, 0, tzinfo=UTC)),
    ]


def test_a_whole_day_and_a_time_without_a_zone_are_the_chefs():
    assert read("DTSTART;VALUE=DATE:20270401", "DTEND;VALUE=DATE:20270403") == [
        (datetime(2027, 3, 31, 15, tzinfo=UTC), datetime(2027, 4, 2, 15, tzinfo=UTC))
    ]
    assert read("DTSTART:20270401T090000", "DURATION:PT90M") == [
        (datetime(2027, 4, 1, 0, tzinfo=UTC), datetime(2027, 4, 1, 1, 30, tzinfo=UTC))
    ]


@pytest.mark.parametrize("line", ["STATUS:CANCELLED", "TRANSP:TRANSPARENT"])
def test_what_takes_no_time_is_left_out(line):
    assert read("DTSTART:20270401T090000Z", "DTEND:20270401T100000Z", line) == []


def test_what_we_wrote_ourselves_is_left_out():
    content = file("DTSTART:20270401T090000Z", "DTEND:20270401T100000Z")
    ours = content.replace(b"a@elsewhere", b"booking-1@ours")
    found = [
        busy_periods(body, zone=SEOUL, first=FIRST, until=UNTIL, own_host="ours")
        for body in (content, ours)
    ]
    assert [len(periods) for periods in found] == [1, 0]


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"<html>Sign in</html>",
        b"\xff\xfe\x00",
        b"BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\n",
        file("DTSTART:never"),
        file("DTSTART:20270401T090000Z", "RRULE:FREQ=SECONDLY"),
        file("DTSTART:20270401T090000Z", "RRULE:FREQ=MINUTELY;INTERVAL=5"),
        file("DTSTART:20270401T090000Z", f"RRULE:FREQ=DAILY;BYMINUTE={MINUTES}"),
        file("DTSTART:00010101T090000Z", "RRULE:FREQ=DAILY"),
    ],
)
def test_what_is_none_or_too_much_is_said_to_be_so(content):
    with pytest.raises(Unreadable):
        busy_periods(content, zone=SEOUL, first=FIRST, until=UNTIL, own_host="ours")


def test_many_events_are_too_many():
    event = file("DTSTART:20270401T090000Z").split(b"BEGIN:VEVENT")[1].split(b"END:VCALENDAR")[0]
    content = b"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:x\r\n" + (b"BEGIN:VEVENT" + event) * 2_001
    with pytest.raises(Unreadable, match="too many"):
        busy_periods(
            content + b"END:VCALENDAR\r\n", zone=SEOUL, first=FIRST, until=UNTIL, own_host="ours"
        )


# --- Reading --------------------------------------------------------------------------------


def test_events_block_slots_and_bookings(server, chef, calendar, ana):
    serve(server, dinner(), ETag='"1"')
    assert 12 in slots_on(chef)

    assert read_due(clock.now()) == 1
    assert slots_on(chef).isdisjoint({10.5, 12, 13.5})
    assert {10, 14} <= slots_on(chef)
    with pytest.raises(Conflict) as caught:
        wish = BookingRequest(chef_id=chef.pk, starts_at=noon_utc())
        request_booking(customer=ana, request=wish, now=clock.now())
    assert caught.value.code == "slot_taken"
    assert count_wrong_occupancy() == 0
    assert server.received[0].path == "/private-1234/basic.ics"


def test_what_nothing_changed_of_is_not_read_again(server, chef, calendar):
    now = clock.now()
    serve(server, dinner(), ETag='"1"')
    assert (read_due(now), read_due(now)) == (1, 0)
    server.commands.append(Answer(304))
    assert read_due(now + EVERY) == 1

    assert server.received[1].headers["if-none-match"] == '"1"'
    assert 12 not in slots_on(chef)
    serve(server, dinner(8))
    assert read_due(now + timedelta(days=2)) == 1  # once a day all of it is asked for
    assert "if-none-match" not in server.received[2].headers


def test_an_event_that_went_away_frees_its_time(server, chef, calendar):
    serve(server, dinner())
    serve(server, dinner(8))
    read_due(clock.now())
    read_due(clock.now() + EVERY)

    assert 12 in slots_on(chef)
    assert 12 not in slots_on(chef, 8)


def test_a_booking_keeps_its_time_and_what_it_gives_up_is_taken(server, chef, calendar, ana):
    booking = make_booking(chef, ana)
    for _time in range(2):
        serve(server, dinner(hours=4))
    read_due(clock.now())
    assert Occupancy.objects.filter(booking=booking).count() == 8
    assert Occupancy.objects.filter(booking=None).count() == 8

    cancel_booking(booking=booking, by=ana, now=clock.now())
    read_due(clock.now() + EVERY)
    assert Occupancy.objects.filter(booking=None).count() == 16


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        (Answer(404), "answered with status 404"),
        (Answer(200, {}, b"<html>"), "no calendar that can be read"),
        (Answer(200, {}, b"x" * 2_000_001), "more than 2000000 bytes"),
        (Answer(302, {"Location": "http://10.0.0.1/a.ics"}), "https"),
        (Answer(302, {"Location": "https://localhost/a.ics"}), "not"),
    ],
)
def test_what_is_wrong_is_shown_and_what_was_known_stays(
    server, chef, calendar, browse, ben, answer, said
):
    serve(server, dinner())
    read_due(clock.now())
    server.commands.append(answer)
    assert read_due(clock.now() + EVERY) == 0

    row = BusyCalendar.objects.get()
    assert said in row.problem
    assert row.due_at > clock.now() + EVERY
    assert 12 not in slots_on(chef)
    page = browse(ben).get(f"/coocook/chefs/{chef.pk}/calendars").content.decode()
    assert "It could not be read" in page
    assert "private-1234" not in page


def test_a_redirect_is_followed_a_few_times(server, chef, calendar):
    for _hop in range(2):
        server.commands.append(Answer(302, {"Location": "/elsewhere.ics"}))
    serve(server, dinner())
    assert read_due(clock.now()) == 1
    assert server.received[-1].path == "/elsewhere.ics"


def test_of_two_clocks_one_reads(server, calendar):
    now = clock.now()
    assert BusyCalendar.objects.claim(calendar, now=now, lease=EVERY)
    assert not BusyCalendar.objects.claim(calendar, now=now, lease=EVERY)
    assert read_due(now) == 0


def test_removing_one_frees_what_only_it_took(server, chef, calendar):
    other = make_busy_calendar(chef, f"{server.url}/other.ics")
    serve(server, dinner())
    serve(server, dinner())
    assert read_due(clock.now()) == 2

    unsubscribe(calendar=calendar, now=clock.now())
    assert 12 not in slots_on(chef)
    unsubscribe(calendar=other, now=clock.now())
    assert 12 in slots_on(chef)
    assert not BusyPeriod.objects.exists()


def test_refuses_what_may_not_be_called_and_a_sixth(chef):
    now = clock.now()
    for url in ("http://calendar.example/a", "https://localhost/a", "file:///etc/passwd", "hello"):
        with pytest.raises(DomainError) as caught:
            subscribe(chef=chef, name="Home", url=url, now=now)
        assert caught.value.code == "address_refused"
    made = [make_busy_calendar(chef, f"webcal://calendar.example/{n}") for n in range(5)]
    assert made[0].url == "https://calendar.example/0"
    with pytest.raises(Conflict):
        make_busy_calendar(chef)


def test_the_address_is_sealed(chef):
    calendar = make_busy_calendar(chef, "https://calendar.example/secret.ics")
    assert "secret" not in calendar.sealed_url
    assert reseal_addresses(reseal) == 1
    assert BusyCalendar.objects.get().url == "https://calendar.example/secret.ics"


def test_the_page_adds_reads_and_removes(browse, ben, cho, chef):
    browser, page = browse(ben), f"/coocook/chefs/{chef.pk}/calendars"
    sent = {"name": "Home", "url": "https://calendar.example/a.ics"}
    assert browser.post(page, sent).url == page
    [calendar] = BusyCalendar.objects.all()
    assert "Not read yet" in browser.get(page).content.decode()
    assert browser.post(page, sent | {"url": "http://a.example"}).status_code == 422
    assert browse(cho).post(f"/coocook/calendars/{calendar.pk}/remove").status_code == 404

    browser.post(f"/coocook/calendars/{calendar.pk}/read")
    browser.post(f"/coocook/calendars/{calendar.pk}/remove")
    assert not BusyCalendar.objects.exists()


def test_the_editor_says_which_calendar_is_in_the_way(server, chef, calendar, browse, ben):
    serve(server, dinner())
    read_due(clock.now())
    day = noon_utc().date().isoformat()
    page = browse(ben).get(f"/coocook/chefs/{chef.pk}/availability?look_day={day}&look_at=12:00")
    assert page.context["preview"].answer == "Your calendar “Home” has something then."
    assert make_chef()
