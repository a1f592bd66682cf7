"""What a calendar elsewhere has that is new: asked for at its address (ICS), or of its server."""

from datetime import datetime, timedelta
from http import HTTPStatus
from typing import NamedTuple
from urllib.parse import urljoin

from django.utils.translation import gettext as _

from bookings.gateways.caldav import Access, fetch_events, fetch_mark
from bookings.models import BusyCalendar, ConnectedCalendar
from bookings.services.reading_busy import Unreadable
from softfactory.kernel.outbound import Limits, Reply, call

LIMITS = Limits(connect=5, read=10, total=15, most_bytes=2_000_000)
REDIRECTS = 3
ANEW = timedelta(days=1)


class News(NamedTuple):
    """The files of a calendar, None if nothing changed; and what to ask with the next time."""

    files: list[bytes] | None
    etag: str = ""
    last_modified: str = ""


def fetch_news(calendar: BusyCalendar, *, first: datetime, until: datetime, now: datetime) -> News:
    """Return what it has from one instant to another, if that has changed since.

    What repeats reaches further each day: once a day all of it is asked for. Raises OutboundError,
    CalDavError or Unreadable.
    """
    is_fresh = calendar.understood_at is not None and now - calendar.understood_at < ANEW
    if calendar.connected is None:
        reply = _ask_address(calendar, is_fresh=is_fresh)
        headers = reply.headers
        is_new = reply.status != HTTPStatus.NOT_MODIFIED
        etag, since = headers.get("ETag", ""), headers.get("Last-Modified", "")
        return News([reply.body] if is_new else None, etag, since)
    access = access_to(calendar.connected)
    mark = fetch_mark(access)  # before the events: what changes in between is read the next time
    if is_fresh and mark and mark == calendar.etag:
        return News(None, mark)
    return News(fetch_events(access, first=first, until=until), mark)


def access_to(connection: ConnectedCalendar) -> Access:
    """Return where a connected calendar is, and what opens it."""
    return Access(connection.calendar.url, **connection.access)


def _ask_address(calendar: BusyCalendar, *, is_fresh: bool) -> Reply:
    """Return the answer at its address, or at the one it leads to, each looked at as ever."""
    headers = {"Accept": "text/calendar, */*;q=0.1"}
    if is_fresh and calendar.etag:
        headers["If-None-Match"] = calendar.etag
    elif is_fresh and calendar.last_modified:
        headers["If-Modified-Since"] = calendar.last_modified
    url = calendar.url
    for _hop in range(REDIRECTS + 1):
        reply = call("GET", url, headers=headers, limits=LIMITS)
        if reply.status in (HTTPStatus.OK, HTTPStatus.NOT_MODIFIED):
            return reply
        if reply.status not in (301, 302, 303, 307, 308) or "Location" not in reply.headers:
            break
        url = urljoin(url, reply.headers["Location"])
    message = _("%(host)s answered with status %(status)s.")
    raise Unreadable(message % {"host": calendar.host, "status": reply.status})
