"""CalDAV (RFC 4791): calendars on other people's servers, found, read, and written into.

Whatever comes back is a stranger's: of limited size, read without entities, believed in little.
"""

from bookings.gateways.caldav.calls import Access, CalDavError, Changed, EventRefused
from bookings.gateways.caldav.events import delete_event, fetch_etag, fetch_events, put_event
from bookings.gateways.caldav.finding import Found, fetch_mark, find_calendars

__all__ = [
    "Access",
    "CalDavError",
    "Changed",
    "EventRefused",
    "Found",
    "delete_event",
    "fetch_etag",
    "fetch_events",
    "fetch_mark",
    "find_calendars",
    "put_event",
]
