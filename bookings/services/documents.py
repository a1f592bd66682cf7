"""Bookings as calendar files, as one of their two sides reads them."""

from collections.abc import Iterable
from urllib.parse import urlsplit

from django.conf import settings
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from bookings.models import Booking
from bookings.models.words import size_of
from softfactory.accounts.models import User
from softfactory.kernel.calendars import Event, Status, calendar_file
from softfactory.kernel.zones import zone

STATES: dict[str, Status] = {
    Booking.Status.HELD: "TENTATIVE",
    Booking.Status.PENDING: "TENTATIVE",
    Booking.Status.CONFIRMED: "CONFIRMED",
    Booking.Status.COMPLETED: "CONFIRMED",
    Booking.Status.NO_SHOW: "CONFIRMED",
    Booking.Status.DECLINED: "CANCELLED",
    Booking.Status.CANCELLED: "CANCELLED",
    Booking.Status.EXPIRED: "CANCELLED",
}


def bookings_as_calendar(
    bookings: Iterable[Booking], *, reader: User, refreshed: str = ""
) -> bytes:
    """Return these bookings as an iCalendar file, in the reader's language."""
    with translation.override(reader.language):
        name = _("SoftFactory bookings") if refreshed else ""
        events = [_event(booking, reader) for booking in bookings]
        return calendar_file(events, name=name, refreshed=refreshed)


def _event(booking: Booking, reader: User) -> Event:
    page = reverse("bookings:booking", args=[booking.pk])
    facts = [size_of(booking.duration_hours, booking.guests), str(booking.get_status_display())]
    return Event(
        uid=f"booking-{booking.pk}@{urlsplit(settings.SITE_URL).hostname}",
        sequence=booking.version - 1,
        created_at=booking.created_at,
        modified_at=booking.updated_at,
        starts_at=booking.starts_at,
        ends_at=booking.ends_at,
        zone=zone(booking.timezone),
        status=STATES[booking.status],
        summary=_summary(booking, reader),
        description="\n".join([*facts, booking.special_requests]).strip(),
        location=booking.address or booking.chef.place_name,
        url=f"{settings.SITE_URL}{page}",
    )


def _summary(booking: Booking, reader: User) -> str:
    if booking.customer_id == reader.pk:
        return _("%(chef)s cooks") % {"chef": booking.chef.name}
    names = {"customer": booking.customer.get_short_name(), "chef": booking.chef.name}
    return _("%(customer)s, with %(chef)s") % names
