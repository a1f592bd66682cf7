"""Clocks that write into connected calendars: at once, away for too long, or killed."""

from datetime import timedelta

import pytest

from bookings.gateways.caldav import put_event
from bookings.models import CalendarEntry, ConnectedCalendar
from bookings.services import writing_calendars
from bookings.services.deciding import cancel_booking
from bookings.services.rescheduling import NewTime, reschedule_booking
from bookings.services.writing_calendars import LEASE, write_due
from softfactory.kernel import clock
from tests.bookings.connected import confirmed, written
from tests.calendar_server import etag_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def before_put(monkeypatch):
    """`before_put(call)`: what happens between deciding on an event and sending it, once."""

    def let_happen(call):
        calls = [call]

        def put(*args, **kwargs):
            if calls:
                calls.pop()()
            return put_event(*args, **kwargs)

        monkeypatch.setattr(writing_calendars, "put_event", put)

    return let_happen


def test_a_kill_after_the_event_was_put_makes_no_second_one(
    calendars, connection, booking, ben, killed_at
):
    confirmed(booking, ben)
    now = clock.now()
    with killed_at("bookings.services.writing_calendars._settle"):
        write_due(now)
    assert write_due(now) == 0  # the one who died has it for some minutes
    assert write_due(now + LEASE) == 1
    assert len(written(calendars)) == 1
    assert [one.headers.get("if-match", "none") for one in calendars.asked("PUT")][:2] == [
        "none"
    ] * 2


def test_killed_and_called_off_nothing_stays(calendars, connection, booking, ana, ben, killed_at):
    confirmed(booking, ben)
    now = clock.now()
    with killed_at("bookings.services.writing_calendars._settle"):
        write_due(now)
    cancel_booking(booking=booking, by=ana, now=now)
    write_due(now + LEASE)
    assert written(calendars) == []


def test_one_who_was_away_too_long_overwrites_nothing_newer(
    calendars, connection, booking, ben, before_put
):
    confirmed(booking, ben)
    now = clock.now()
    to = NewTime(booking.starts_at + timedelta(hours=3))

    def meanwhile():
        """Another clock takes over, after the lease, and the booking was moved by then."""
        reschedule_booking(booking=booking, by=ben, to=to, now=now)
        assert write_due(now + LEASE) == 1

    before_put(meanwhile)
    write_due(now)
    write_due(now + LEASE)
    [there] = written(calendars)
    assert there["DTSTART"].dt == to.starts_at
    assert CalendarEntry.objects.get().etag == etag_of(next(iter(calendars.work.events.values())))


def test_two_clocks_at_once_write_one_event(calendars, connection, booking, ben, before_put):
    confirmed(booking, ben)
    now = clock.now()
    before_put(lambda: write_due(now))
    assert write_due(now) == 1
    assert len(calendars.asked("PUT")) == 1


def test_what_was_claimed_since_it_was_found_due_is_not_claimed(connection):
    now = clock.now()
    assert ConnectedCalendar.objects.claim(connection, now=now, lease=LEASE)
    seen = ConnectedCalendar.objects.get(pk=connection.pk)

    assert not ConnectedCalendar.objects.claim(seen, now=now, lease=LEASE)


def test_one_called_off_while_somebody_was_away_does_not_stay(
    calendars, connection, booking, ana, ben, before_put
):
    booking = confirmed(booking, ben)
    now = clock.now()

    def meanwhile():
        cancel_booking(booking=booking, by=ana, now=now)
        write_due(now + LEASE)

    before_put(meanwhile)
    write_due(now)
    write_due(now + LEASE)
    assert written(calendars) == []
