"""What tests of connected calendars do and look at."""

from datetime import timedelta

import icalendar

from bookings.models import ConnectedCalendar, Occupancy
from bookings.services.connecting import connect_calendar
from bookings.services.deciding import confirm_booking
from softfactory.kernel import clock
from tests.calendar_server import PASSWORD, USERNAME
from tests.makers import noon_utc


def connect(chef, url):
    return connect_calendar(
        chef=chef, name="", url=url, username=USERNAME, password=PASSWORD, now=clock.now()
    )


def event(*lines, uid="a@elsewhere", days=7):
    """A file of an event at noon in Seoul, for two hours."""
    start = noon_utc(days)
    times = (
        f"DTSTART:{start:%Y%m%dT%H%M%SZ}",
        f"DTEND:{start + timedelta(hours=2):%Y%m%dT%H%M%SZ}",
    )
    inside = (f"UID:{uid}", "DTSTAMP:20270101T000000Z", *times, *lines)
    whole = ("BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:x", "BEGIN:VEVENT", *inside, "END:VEVENT")
    return "\r\n".join((*whole, "END:VCALENDAR", "")).encode()


def blocked():
    """Return how many quarter hours no booking takes."""
    return Occupancy.objects.filter(booking=None).count()


def written(calendars):
    """Return the events of bookings that are there."""
    found = []
    for content in calendars.work.events.values():
        found += icalendar.Calendar.from_ical(content).walk("VEVENT")
    return [one for one in found if str(one["UID"]).startswith("booking-")]


def state(connection):
    return ConnectedCalendar.objects.get(pk=connection.pk)


def confirmed(booking, ben):
    """Return the booking, confirmed."""
    return confirm_booking(booking=booking, by=ben, now=clock.now())
