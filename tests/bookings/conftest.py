"""What tests of connected calendars share: a CalDAV server, and Ben's calendar on it."""

import pytest

from tests.calendar_server import calendar_server
from tests.makers import make_booking, make_connected_calendar


@pytest.fixture
def calendars(settings):
    """A CalDAV server, on loopback."""
    settings.OUTBOUND_ALLOW = ["127.0.0.1"]
    with calendar_server() as running:
        yield running


@pytest.fixture
def connection(chef, calendars):
    """Ben's calendar there."""
    connection = make_connected_calendar(chef, calendars.address)
    chef.refresh_from_db()
    return connection


@pytest.fixture
def booking(ana, chef, connection):
    """What Ana asked Ben's chef for."""
    return make_booking(chef, ana)
