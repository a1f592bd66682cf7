"""Radicale takes bookings as events, which the `caldav` library reads, and tells what is there."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
import time_machine

from bookings.models import BusyCalendar, Occupancy
from bookings.services.busy import EVERY, read_due
from bookings.services.connecting import connect_calendar, disconnect_calendar
from bookings.services.deciding import cancel_booking, confirm_booking
from bookings.services.rescheduling import NewTime, reschedule_booking
from bookings.services.writing_calendars import LEASE, write_due
from softfactory.kernel import clock, outbound
from softfactory.kernel.problems import DomainError
from tests.makers import make_booking, make_chef
from tests.peers.radicale_client import PASSWORD, USERNAME
from tests.peers.radicale_server import radicale

pytestmark = pytest.mark.django_db

NEW_YORK = ZoneInfo("America/New_York")
#: An evening on which the clocks are set back while the guests sit: 1 November 2026, 2:00.
LATE = datetime(2026, 10, 31, 23, tzinfo=NEW_YORK)
NOW = datetime(2026, 10, 20, 12, tzinfo=UTC)


@pytest.fixture
def server(tmp_path, settings):
    settings.OUTBOUND_ALLOW = ["127.0.0.1"]
    with radicale(tmp_path) as running, time_machine.travel(NOW):
        running.client("make")
        yield running


@pytest.fixture
def chef(ben):
    return make_chef(ben, timezone="America/New_York", hours=((9, 28),))


@pytest.fixture
def connection(server, chef):
    return connect(server, chef)


def connect(server, chef, password=PASSWORD):
    return connect_calendar(
        chef=chef,
        name="",
        url=server.address,
        username=USERNAME,
        password=password,
        now=clock.now(),
    )


def write():
    return write_due(clock.now())


def test_a_booking_across_the_change_of_clocks_is_put_moved_and_removed(
    server, chef, connection, ana, ben, killed_at
):
    assert connection.calendar.url == f"{server.address}ben/work/"
    chef.refresh_from_db()
    booking = make_booking(chef, ana, starts_at=LATE.astimezone(UTC), duration_hours=4)
    booking = confirm_booking(booking=booking, by=ben, now=clock.now())
    with killed_at("bookings.services.writing_calendars._settle"):
        write()
    assert write_due(clock.now() + LEASE) == 1
    [event] = server.client("read")
    starts, ends = (datetime.fromisoformat(event[name]) for name in ("starts", "ends"))
    assert (starts, ends) == (booking.starts_at, booking.ends_at)
    assert ends - starts.astimezone(UTC) == timedelta(hours=4)
    assert (starts.utcoffset(), ends.utcoffset()) == (timedelta(hours=-4), timedelta(hours=-5))
    assert event["status"] == "CONFIRMED"

    to = NewTime((LATE + timedelta(days=2)).astimezone(UTC))
    booking = reschedule_booking(booking=booking, by=ben, to=to, now=clock.now())
    assert write_due(clock.now() + LEASE) == 1
    [moved] = server.client("read")
    assert (moved["uid"], moved["url"]) == (event["uid"], event["url"])
    assert int(moved["sequence"]) > int(event["sequence"])
    assert datetime.fromisoformat(moved["starts"]) == to.starts_at

    # Deleted there, it is not there until the booking changes; called off, that it is gone is fine.
    assert server.client("delete", moved["uid"]) == []
    read_due(clock.now())
    assert (write_due(clock.now() + LEASE), server.client("read")) == (0, [])
    cancel_booking(booking=booking, by=ana, now=clock.now())
    assert write_due(clock.now() + LEASE) == 1
    assert server.client("read") == []


def test_events_there_block_and_ours_do_not(server, chef, connection, ana, ben, monkeypatch):
    chef.refresh_from_db()
    confirm_booking(
        booking=make_booking(chef, ana, starts_at=LATE.astimezone(UTC)), by=ben, now=clock.now()
    )
    server.client("add", event("weekly@there", "RRULE:FREQ=WEEKLY;COUNT=3"))
    server.client("add", event("free@there", "TRANSP:TRANSPARENT"))
    assert (write(), read_due(clock.now())) == (1, 1)
    starts = Occupancy.objects.filter(booking=None).order_by("tick")
    assert starts.count() == 3 * 8
    seconds = 15 * 60
    local = [datetime.fromtimestamp(row.tick * seconds, NEW_YORK).hour for row in starts[::8]]
    assert local == [18, 18, 18]  # before the change of clocks, and after

    later = clock.now() + EVERY
    calls = []
    monkeypatch.setattr(outbound, "call", noting(calls))
    assert read_due(later) == 1
    assert calls == ["PROPFIND"]  # of what nothing changed in
    server.client("delete", "weekly@there")
    assert read_due(later + EVERY) == 1
    assert not Occupancy.objects.filter(booking=None).exists()


def event(uid, *lines):
    """An event from six to eight on Friday, the 30th of October, in New York."""
    times = [f"DT{end};TZID=America/New_York:20261030T{at}0000" for end, at in HOURS]
    inside = (f"UID:{uid}", "DTSTAMP:20261001T000000Z", "SUMMARY:Yoga", *times, *lines)
    whole = ("BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:x", "BEGIN:VEVENT", *inside, "END:VEVENT")
    return "\r\n".join((*whole, "END:VCALENDAR", ""))


def noting(methods):
    """Return what calls as ever, and notes by which method."""
    call = outbound.call

    def noted(method, *args, **kwargs):
        methods.append(method)
        return call(method, *args, **kwargs)

    return noted


HOURS = (("START", 18), ("END", 20))


def test_a_wrong_password_is_said_and_left_it_keeps_or_loses_our_events(
    server, chef, connection, ana, ben
):
    with pytest.raises(DomainError, match="new app password"):
        connect(server, chef, password="wrong")
    chef.refresh_from_db()
    booking = make_booking(chef, ana, starts_at=LATE.astimezone(UTC))
    confirm_booking(booking=booking, by=ben, now=clock.now())
    assert write() == 1
    disconnect_calendar(connection=connection, removes_events=False, now=clock.now())
    assert len(server.client("read")) == 1
    again = connect(server, chef)
    assert write() == 1
    assert len(server.client("read")) == 1
    disconnect_calendar(connection=again, removes_events=True, now=clock.now())
    assert write() == 1
    assert server.client("read") == []
    assert not BusyCalendar.objects.exists()
