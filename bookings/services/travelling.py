"""How long a chef is on the way to a visit, or that it is too far."""

from django.utils.translation import gettext as _

from bookings.models.chef import MAX_BUFFER_MINUTES
from bookings.models.places import place_in
from bookings.slots import Place, Schedule, Trip, trip_to
from softfactory.kernel.problems import DomainError


def trip_of(schedule: Schedule, place: Place | None, *, address: str = "") -> Trip:
    """Return the way to a place, or to an address that names one which the site knows.

    A visit that says neither is where the chef is. Raises DomainError `too_far_away`.
    """
    trip = trip_to(place or place_in(address), schedule, most_minutes=MAX_BUFFER_MINUTES)
    if trip is None:
        message = _("The chef does not travel that far. Choose a place that is nearer.")
        raise DomainError("too_far_away", message)
    return trip


def way_to(schedule: Schedule, place: Place | None, *, address: str = "") -> tuple[Schedule, str]:
    """Return the schedule that counts the way there, and the refusal of what is too far, whose
    schedule is the chef's own; else empty.
    """
    try:
        return trip_of(schedule, place, address=address).schedule, ""
    except DomainError as refusal:
        return schedule, refusal.message


def reachable(schedule: Schedule, place: Place | None, address: str) -> Schedule:
    """Return the schedule that counts the way there; where it is too far, the chef's own."""
    return way_to(schedule, place, address=address)[0]
