"""Clocks race to write bookings into a calendar, and one is killed between a PUT and its record."""

import json
from datetime import timedelta

import pytest
from django.db import connection

from softfactory.kernel import clock
from tests.calendar_server import calendar_server
from tests.site import Site, throw_away_database

BOOKINGS = 6

SET_UP = """
from bookings.models import Booking
from tests.makers import make_booking, make_chef, make_connected_calendar, make_user, noon_utc
chef, customer = make_chef(), make_user()
for day in range({bookings}):
    make_booking(chef, customer, status="confirmed", starts_at=noon_utc(7 + day))
make_connected_calendar(chef, "{url}")
"""

#: Waits for all the others, and dies with its fourth event on the way, if it is to die.
CLOCK = """
import os, pathlib, signal, time
from datetime import datetime
from bookings.services import writing_calendars
folder = pathlib.Path("{folder}")
settle, left = writing_calendars._settle, [3]
def dying(*args, **kwargs):
    if not left[0]:
        os.kill(os.getpid(), signal.SIGKILL)
    left[0] -= 1
    settle(*args, **kwargs)
if {dies}:
    writing_calendars._settle = dying
(folder / "{name}").touch()
while len(list(folder.iterdir())) < {clocks}:
    time.sleep(0.01)
writing_calendars.write_due(datetime.fromisoformat("{now}"))
"""

STATE = """
import json
from bookings.models import CalendarEntry
print(json.dumps(list(CalendarEntry.objects.values_list("due_at", flat=True)), default=str))
"""


@pytest.fixture
def calendars():
    with calendar_server() as running:
        yield running


@pytest.fixture
def site(tmp_path, calendars):
    with throw_away_database(connection.vendor, tmp_path) as url:
        site = Site(tmp_path, url)
        site.env |= {"OUTBOUND_ALLOW": "127.0.0.1"}
        site.shell(SET_UP.format(bookings=BOOKINGS, url=calendars.address))
        yield site


def race(site, folder, now, *, dying):
    """Run clocks at once; return how many were killed."""
    folder.mkdir()
    shared = {"folder": folder, "clocks": len(dying), "now": now.isoformat()}
    return site.race([CLOCK.format(name=name, dies=d, **shared) for name, d in enumerate(dying)])


def test_each_booking_is_one_event_whoever_races_and_dies(site, calendars, tmp_path):
    now = clock.now()
    assert race(site, tmp_path / "race", now, dying=[True, True]) == 1  # the one that claimed it
    assert len(calendars.work.events) == 4
    assert sum(due is not None for due in json.loads(site.shell(STATE))) == BOOKINGS - 3

    race(site, tmp_path / "after", now + timedelta(minutes=3), dying=[False, False])
    assert len(calendars.work.events) == BOOKINGS
    assert set(json.loads(site.shell(STATE))) == {None}
    assert len(calendars.asked("PUT")) == BOOKINGS + 2  # refused, since it is there; then again
