"""Bookings in connected calendars: one event each, whatever their server does."""

from datetime import timedelta

import pytest

from bookings.models import BusyCalendar
from bookings.services import busy
from bookings.services.busy import EVERY, read_due, read_soon
from bookings.services.connecting import check_calendar, disconnect_calendar
from bookings.services.deciding import cancel_booking, confirm_booking, decline_booking
from bookings.services.entries import note_changes
from bookings.services.fetching_busy import fetch_news
from bookings.services.rescheduling import NewTime, reschedule_booking
from bookings.services.writing_calendars import LEAVING, event_name, write_due
from softfactory.kernel import clock
from softfactory.kernel.problems import DomainError
from tests.bookings.connected import blocked, confirmed, connect, event, state, written
from tests.calendar_server import DROP_AFTER
from tests.makers import make_booking, make_connected_calendar, noon_utc
from tests.receivers import Answer

pytestmark = pytest.mark.django_db


def test_a_booking_is_there_once_confirmed_moved_and_gone_when_called_off(
    calendars, connection, booking, ana, ben
):
    now = clock.now()
    assert (write_due(now), written(calendars)) == (0, [])
    confirm_booking(booking=booking, by=ben, now=now)
    assert write_due(now) == 1
    [first] = written(calendars)
    assert first["DTSTART"].dt == booking.starts_at
    assert list(calendars.work.events) == [f"booking-{booking.pk}-localhost.ics"]

    to = NewTime(booking.starts_at + timedelta(hours=3))
    booking = reschedule_booking(booking=booking, by=ben, to=to, now=now)
    assert write_due(now) == 1
    [moved] = written(calendars)
    assert moved["UID"] == first["UID"]
    assert moved["SEQUENCE"] > first["SEQUENCE"]
    assert moved["DTSTART"].dt == to.starts_at
    assert calendars.asked("PUT")[1].headers["if-match"]

    cancel_booking(booking=booking, by=ana, now=now)
    assert write_due(now) == 1
    assert written(calendars) == []
    assert write_due(now) == 0


def test_what_waits_anew_after_it_was_moved_stays_and_says_so(
    calendars, connection, booking, ana, ben
):
    now = clock.now()
    confirm_booking(booking=booking, by=ben, now=now)
    write_due(now)
    to = NewTime(booking.starts_at + timedelta(hours=3))
    booking = reschedule_booking(booking=booking, by=ana, to=to, now=now)
    write_due(now)
    assert written(calendars)[0]["STATUS"] == "TENTATIVE"
    decline_booking(booking=booking, by=ben, now=now)
    write_due(now)
    assert written(calendars) == []


def test_what_was_confirmed_before_is_written_and_what_is_over_is_not(calendars, chef, ana, ben):
    make_booking(chef, ana, status="confirmed")
    make_booking(chef, ana, status="confirmed", starts_at=noon_utc(-3))
    connect(chef, calendars.address)
    assert write_due(clock.now()) == 1
    assert len(written(calendars)) == 1


def test_what_nobody_was_told_of_is_found_with_the_next_read(calendars, connection, chef, ana):
    now = clock.now()
    booking = make_booking(chef, ana, status="confirmed")
    assert write_due(now) == 0
    read_due(now)
    assert write_due(now) == 1
    type(booking).objects.filter(pk=booking.pk).update(special_requests="No nuts")
    read_due(now + EVERY)
    assert write_due(now + EVERY) == 1
    assert "No nuts" in written(calendars)[0]["DESCRIPTION"]


def test_others_changes_cost_nothing(chef, ana, ben, django_assert_num_queries):
    booking = make_booking(chef, ana)
    with django_assert_num_queries(0):
        note_changes([booking], now=clock.now())


@pytest.mark.parametrize("command", [DROP_AFTER, Answer(503, {"Retry-After": "60"}), Answer(429)])
def test_one_event_however_often_it_is_sent(calendars, connection, booking, ben, command):
    confirmed(booking, ben)
    calendars.misbehave("PUT", command)
    now = clock.now()
    assert write_due(now) == 0
    assert state(connection).problem
    assert write_due(now) == 0  # not before the pause is over
    assert write_due(now + timedelta(minutes=2)) == 1
    assert len(written(calendars)) == 1
    assert state(connection).problem == ""


def test_a_server_says_how_long_it_is_to_be_left_alone(calendars, connection, booking, ben):
    confirmed(booking, ben)
    calendars.misbehave("PUT", Answer(429, {"Retry-After": "3600"}))
    now = clock.now()
    write_due(now)
    assert state(connection).paused_until == now + timedelta(hours=1)
    read_soon(calendar=connection.calendar, now=now)  # its owner may ask for it all the same
    assert write_due(now) == 1


def test_one_that_its_owner_deleted_comes_back_at_the_next_change_only(
    calendars, connection, booking, ben
):
    booking = confirmed(booking, ben)
    now = clock.now()
    write_due(now)
    calendars.work.events.clear()
    read_due(now)
    write_due(now)
    assert written(calendars) == []
    to = NewTime(booking.starts_at + timedelta(hours=3))
    reschedule_booking(booking=booking, by=ben, to=to, now=now)
    write_due(now)
    assert len(written(calendars)) == 1


@pytest.mark.parametrize("tells_etags", [True, False])
def test_one_that_was_changed_there_is_as_the_booking_is_at_the_next_change(
    calendars, connection, booking, ben, tells_etags
):
    calendars.work.tells_etags = tells_etags
    booking = confirmed(booking, ben)
    now = clock.now()
    write_due(now)
    calendars.work.put(event_name(booking.pk), event(uid=f"booking-{booking.pk}@localhost"))
    to = NewTime(booking.starts_at + timedelta(hours=3))
    reschedule_booking(booking=booking, by=ben, to=to, now=now)
    assert write_due(now) == 1
    assert written(calendars)[0]["DTSTART"].dt == to.starts_at


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        (Answer(403), "status 403"),
        (Answer(403, {}, b"<error><no-uid-conflict/></error>"), "A copy of this booking"),
    ],
)
def test_one_event_that_is_refused_keeps_no_other_from_it(
    calendars, connection, booking, chef, ana, ben, answer, said
):
    confirmed(booking, ben)
    confirmed(make_booking(chef, ana, starts_at=noon_utc(8)), ben)
    calendars.misbehave("PUT", answer)
    now = clock.now()
    assert write_due(now) == 1
    assert said in state(connection).problem
    assert write_due(now + timedelta(minutes=1)) == 1
    assert len(written(calendars)) == 2


def test_a_wrong_password_is_said_and_mended_by_connecting_again(calendars, chef, booking, ben):
    connection = make_connected_calendar(chef, calendars.address, password="old")
    confirmed(booking, ben)
    assert write_due(clock.now()) == 0
    assert "new app password" in state(connection).problem
    with pytest.raises(DomainError, match="new app password"):
        check_calendar(state(connection))
    check_calendar(connect(chef, calendars.address))
    assert write_due(clock.now()) == 1


@pytest.mark.parametrize("removes_events", [True, False])
def test_left_with_our_events_or_without(calendars, connection, chef, booking, ben, removes_events):
    confirmed(booking, ben)
    calendars.work.put("a.ics", event(days=9))
    now = clock.now()
    write_due(now)
    read_due(now)
    assert blocked() == 8
    connection = state(connection)
    disconnect_calendar(connection=connection, removes_events=removes_events, now=now)
    assert blocked() == 0
    assert read_due(now + EVERY) == 0
    assert write_due(now) == int(removes_events)
    assert len(written(calendars)) == int(not removes_events)
    assert "a.ics" in calendars.work.events
    assert not BusyCalendar.objects.exists()
    chef.refresh_from_db()
    assert not chef.is_written_elsewhere


def test_what_is_read_while_it_is_left_takes_nothing(
    calendars, connection, booking, ben, monkeypatch
):
    confirmed(booking, ben)
    calendars.work.put("a.ics", event(days=9))
    now = clock.now()
    write_due(now)

    def meanwhile(*args, **kwargs):
        disconnect_calendar(connection=state(connection), removes_events=True, now=now)
        return fetch_news(*args, **kwargs)

    monkeypatch.setattr(busy, "fetch_news", meanwhile)
    read_due(now)
    assert blocked() == 0
    write_due(now)
    assert (blocked(), BusyCalendar.objects.count()) == (0, 0)


def test_a_server_that_is_away_is_left_alone_after_a_week(calendars, connection, booking, ben):
    confirmed(booking, ben)
    now = clock.now()
    write_due(now)
    disconnect_calendar(connection=state(connection), removes_events=True, now=now)
    for later in (timedelta(), LEAVING + timedelta(seconds=1)):
        calendars.misbehave("DELETE", Answer(503))
        write_due(now + later)
    assert not BusyCalendar.objects.exists()
