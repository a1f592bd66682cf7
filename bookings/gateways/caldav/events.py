"""Events of a calendar: those of a time, and ours, each at an address of its own.

Every PUT says what is to be there before it (RFC 9110, 13.1): so one who was away for too long does
not write what is old over what is new.
"""

import re
from datetime import UTC, datetime
from urllib.parse import urljoin

from django.utils.translation import gettext as _

from bookings.gateways.caldav.answers import CAL, DAV, NAMES, propfind, resources
from bookings.gateways.caldav.calls import (
    XML,
    Access,
    CalDavError,
    Changed,
    EventRefused,
    call,
    failure,
    gone,
)
from softfactory.kernel.calendars import CONTENT_TYPE

DONE = (200, 201, 204)
NOT_THERE = (404, 410)
ANY = "*"
ETAG = re.compile(r'"[!#-~]{0,198}"')  # RFC 9110, 8.8.3, as far as ASCII goes


def fetch_events(access: Access, *, first: datetime, until: datetime) -> list[bytes]:
    """Return the files of all events that take place in between. Raises CalDavError."""
    start, end = (f"{at.astimezone(UTC):%Y%m%dT%H%M%SZ}" for at in (first, until))
    body = (
        f"<C:calendar-query {NAMES}><D:prop><C:calendar-data/></D:prop><C:filter>"
        '<C:comp-filter name="VCALENDAR"><C:comp-filter name="VEVENT">'
        f'<C:time-range start="{start}" end="{end}"/>'
        "</C:comp-filter></C:comp-filter></C:filter></C:calendar-query>"
    ).encode()
    headers = {"Depth": "1", "Content-Type": XML}
    reply = call("REPORT", access.url, access, body=body, headers=headers)
    files = (one.text(f"{CAL}calendar-data") for one in resources(reply, access))
    return [text.encode() for text in files if text]


def put_event(access: Access, name: str, content: bytes, *, etag: str) -> str:
    """Put an event where one of this ETag is, or none ("") or any ("*"); return its ETag then.

    Raises Changed if something else is there, EventRefused, or CalDavError.
    """
    condition = {"If-Match": etag} if etag else {"If-None-Match": ANY}
    headers = condition | {"Content-Type": CONTENT_TYPE}
    reply = call("PUT", urljoin(access.url, name), access, body=content, headers=headers)
    if reply.status in DONE:
        return usable(reply.headers.get("ETag", ""))
    if reply.status == 412:
        raise failure(reply, access, Changed)
    if b"no-uid-conflict" in reply.body:  # RFC 4791, 5.3.2.1
        message = _("A copy of this booking is in the calendar already. Remove it there.")
        raise EventRefused(message, status=reply.status)
    if reply.status in (*NOT_THERE, 409):
        raise gone(access)
    raise failure(reply, access, EventRefused if 400 <= reply.status < 500 else CalDavError)


def fetch_etag(access: Access, name: str) -> str:
    """Return the ETag of what is there now, "*" if it has none, "" if nothing is there."""
    try:
        there = propfind(access, urljoin(access.url, name), "<D:getetag/>")
    except CalDavError as error:
        if error.status in NOT_THERE:
            return ""
        raise
    return usable(there[0].text(f"{DAV}getetag")) if there else ""


def delete_event(access: Access, name: str) -> None:
    """Remove an event, if it is there. Raises EventRefused, or CalDavError."""
    reply = call("DELETE", urljoin(access.url, name), access)
    if reply.status not in (*DONE, *NOT_THERE):
        raise failure(reply, access, EventRefused if 400 <= reply.status < 500 else CalDavError)


def usable(etag: str) -> str:
    """Return an ETag that a condition may name; any, for a weak one (RFC 9110, 13.1.1) or none."""
    return etag if ETAG.fullmatch(etag) else ANY
