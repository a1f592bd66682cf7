"""Connecting a calendar by CalDAV: looked for at an address, opened with what its owner has for it,
kept sealed; disconnected, with what is to become of our events there.

Its server is asked outside of any transaction. What is connected again keeps its row, and all that
waits for it.
"""

from collections.abc import Callable, Mapping
from datetime import datetime
from urllib.parse import urlsplit

from django.utils.translation import gettext as _

from bookings.gateways.caldav import Access, CalDavError, Found, fetch_mark, find_calendars
from bookings.models import BusyCalendar, BusyPeriod, CalendarEntry, Chef, ConnectedCalendar
from bookings.services.busy import MOST, occupy, unsubscribe
from bookings.services.entries import catch_up, note_connections
from bookings.services.fetching_busy import access_to
from softfactory.kernel.db.retry import transactional
from softfactory.kernel.outbound import OutboundError
from softfactory.kernel.problems import Conflict, DomainError
from softfactory.kernel.targets import Target


class SeveralCalendars(DomainError):
    """There is more than one at the address: one of them is to be chosen."""

    def __init__(self, found: list[Found]) -> None:
        names = "; ".join(f"{one.name or '–'}: {one.url}" for one in found)
        message = _("There are several calendars. Send the address of one of them: %(names)s")
        super().__init__("several_calendars", message % {"names": names})
        self.found = found


def connect_calendar(
    *, chef: Chef, name: str, url: str, username: str, password: str, now: datetime
) -> ConnectedCalendar:
    """Connect the calendar at an address, or connect it again, and return it.

    Its events block the chef's time, and confirmed bookings that are ahead are written into it.
    Raises DomainError: `address_refused`, `connect_refused` with what is wrong, or
    SeveralCalendars; Conflict for one too many.
    """
    access = Access(url, username, password)
    try:
        Target.of(url)
        found = find_calendars(access)
    except OutboundError as error:
        raise DomainError("address_refused", str(error)) from error
    except CalDavError as error:
        raise DomainError("connect_refused", str(error)) from error
    if len(found) > 1:
        raise SeveralCalendars(found)
    name = name or found[0].name or access.host
    opens = {"username": username, "password": password}
    return keep_calendar(chef=chef, name=name, url=found[0].url, opens=opens, now=now)


def check_calendar(connection: ConnectedCalendar) -> None:
    """Ask a calendar's server for it. Raises DomainError with what is wrong."""
    try:
        fetch_mark(access_to(connection))
    except CalDavError as error:
        raise DomainError("calendar_unreachable", str(error)) from error


@transactional
def disconnect_calendar(
    *, connection: ConnectedCalendar, removes_events: bool, now: datetime
) -> None:
    """Stop reading and writing a calendar, and free what only its events took.

    Our events stay there; or they are removed by the clock, and what opens the calendar is
    forgotten when the last of them is, or after a week.
    """
    chef = Chef.objects.select_for_update(no_key=True).get(pk=connection.calendar.chef_id)
    entries = CalendarEntry.objects.filter(calendar=connection)
    if not removes_events or not entries.filter(may_be_there=True).exists():
        unsubscribe(calendar=connection.calendar, now=now)
        return
    ConnectedCalendar.objects.filter(pk=connection.pk, left_at=None).update(
        left_at=now, problem="", failures=0
    )
    entries.filter(may_be_there=False).delete()
    entries.update(due_at=now)
    BusyPeriod.objects.filter(calendar=connection.pk).delete()
    note_connections(chef)
    occupy(chef, now=now)


def reseal_accesses(reseal: Callable[[str], str]) -> int:
    """Seal anew what opens every calendar; return how many there are."""
    count = 0
    for connection in ConnectedCalendar.objects.all():
        rows = ConnectedCalendar.objects.filter(pk=connection.pk)
        same = rows.filter(sealed_access=connection.sealed_access)
        count += same.update(sealed_access=reseal(connection.sealed_access))
    return count


@transactional
def keep_calendar(
    *, chef: Chef, name: str, url: str, opens: Mapping[str, str], now: datetime
) -> ConnectedCalendar:
    """Keep a calendar that was found at an address. Raises Conflict for one too many."""
    chef = Chef.objects.select_for_update(no_key=True).get(pk=chef.pk)
    calendars = list(BusyCalendar.objects.filter(chef=chef).with_chef())
    calendar = next((one for one in calendars if one.connected and one.url == url), None)
    if calendar is None:
        if len(calendars) >= MOST:
            raise Conflict("too_many_calendars", _("Remove another calendar first: five are read."))
        calendar = BusyCalendar(chef=chef, created_at=now)
        calendar.url = url
    calendar.name, calendar.host = name[:60], urlsplit(url).hostname or ""
    calendar.due_at, calendar.understood_at = now, None
    calendar.problem, calendar.failures = "", 0
    calendar.save()
    connection = calendar.connected or ConnectedCalendar(calendar=calendar)
    connection.access = opens
    connection.paused_until, connection.left_at = now, None
    connection.problem, connection.failures = "", 0
    connection.save()
    note_connections(chef)
    catch_up(connection, chef, now=now)
    return connection
