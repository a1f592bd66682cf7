"""Which calendars there are at an address, and whether one of them has changed.

An address is a calendar's own, or one from which the user's calendars are found: the server's, the
user's principal or the folder that the calendars are in (RFC 4791, 6.2.1; RFC 5397; RFC 6764, 5).
"""

from hashlib import sha256
from typing import NamedTuple
from urllib.parse import urljoin, urlsplit

from django.utils.translation import gettext as _

from bookings.gateways.caldav.answers import CAL, CS, DAV, NAMES, Resource, propfind, resources
from bookings.gateways.caldav.calls import (
    MOVED,
    XML,
    Access,
    CalDavError,
    call,
    failure,
    require_named_host,
)

HOPS = 3
MOST_SHOWN = 20
WELL_KNOWN = "/.well-known/caldav"

LOOKED_FOR = (
    "<D:resourcetype/><D:displayname/><D:current-user-principal/>"
    "<C:calendar-home-set/><C:supported-calendar-component-set/>"
)
MARKS = "<D:resourcetype/><S:getctag/><D:sync-token/>"
LONGEST_MARK = 200


class Found(NamedTuple):
    """A calendar, and what its server calls it."""

    url: str
    name: str


def find_calendars(access: Access) -> list[Found]:
    """Return the calendars at an address: its own, or all that lead from it. Raises CalDavError."""
    try:
        found = _from(access, access.url)
    except CalDavError as error:
        if error.status not in (403, 404, 405):
            raise
        found = []
    if not found and urlsplit(access.url).path in ("", "/"):
        found = _from(access, urljoin(access.url, WELL_KNOWN))
    if not found:
        message = _("No calendar is found at this address. Enter the CalDAV address of a calendar.")
        raise CalDavError(message)
    return found[:MOST_SHOWN]


def fetch_mark(access: Access) -> str:
    """Return what changes whenever something in the calendar does, "" if its server has no such
    thing. Raises CalDavError, also if it is no calendar any more.
    """
    here = next(iter(propfind(access, access.url, MARKS)), None)
    if here is None or not here.is_a(f"{CAL}calendar"):
        raise CalDavError(_("This is no calendar any more. Connect the one you mean."))
    mark = here.text(f"{CS}getctag") or here.text(f"{DAV}sync-token")
    return mark if len(mark) <= LONGEST_MARK else sha256(mark.encode()).hexdigest()


def _from(access: Access, address: str) -> list[Found]:
    url, here = _at(access, address)
    if here is None or here.is_a(f"{CAL}calendar"):
        return [_found(access, url, here)] if here else []
    home = here.linked(f"{CAL}calendar-home-set")
    if not home and (principal := here.linked(f"{DAV}current-user-principal")):
        url, owner = _at(access, urljoin(url, principal))
        home = owner.linked(f"{CAL}calendar-home-set") if owner else ""
    folder = urljoin(url, home) if home else url
    there = propfind(access, folder, LOOKED_FOR, depth=1)
    return [_found(access, urljoin(folder, one.href), one) for one in there if _has_events(one)]


def _at(access: Access, url: str) -> tuple[str, Resource | None]:
    """Return what is at an address, or where it leads on the same server."""
    body = f"<D:propfind {NAMES}><D:prop>{LOOKED_FOR}</D:prop></D:propfind>".encode()
    for _hop in range(HOPS):
        headers = {"Depth": "0", "Content-Type": XML}
        reply = call("PROPFIND", url, access, body=body, headers=headers)
        if reply.status not in MOVED or "Location" not in reply.headers:
            return url, next(iter(resources(reply, access)), None)
        url = urljoin(url, reply.headers["Location"])
    raise failure(reply, access)


def _has_events(resource: Resource) -> bool:
    """Tell whether it is a calendar, of events and not of tasks alone."""
    kinds = resource.properties.get(f"{CAL}supported-calendar-component-set")
    names = [kind.get("name") for kind in kinds] if kinds is not None else []
    return resource.is_a(f"{CAL}calendar") and (not names or "VEVENT" in names)


def _found(access: Access, url: str, resource: Resource) -> Found:
    require_named_host(url, access)
    address = url if url.endswith("/") else f"{url}/"
    return Found(address, resource.text(f"{DAV}displayname")[:60])
