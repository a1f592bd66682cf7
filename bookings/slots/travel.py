"""Travel: how long a chef is on the way to a visit, as the crow flies at a given speed.

The time is kept free before the visit and after it, besides the chef's own buffers.
"""

from dataclasses import dataclass, replace
from math import asin, ceil, cos, radians, sin, sqrt
from typing import NamedTuple

from bookings.slots.schedule import Schedule

EARTH_KM = 6371.0
QUARTER = 15  # minutes


class Place(NamedTuple):
    """Somewhere, in degrees."""

    latitude: float
    longitude: float


@dataclass(frozen=True, slots=True)
class Trip:
    """A way of so many minutes, and the schedule that counts it."""

    minutes: int
    schedule: Schedule


def distance_km(one: Place, other: Place) -> float:
    """Return the length of the great circle between two places (haversine)."""
    north, south = radians(one.latitude), radians(other.latitude)
    across = sin((south - north) / 2) ** 2
    along = sin(radians(other.longitude - one.longitude) / 2) ** 2
    return 2 * EARTH_KM * asin(sqrt(min(1.0, across + cos(north) * cos(south) * along)))


def trip_to(place: Place | None, schedule: Schedule, *, most_minutes: int) -> Trip | None:
    """Return the way to a visit there; None if it is too far for the chef.

    Without a place, or for a chef who counts no travel, there is none. Neither buffer gets longer
    than `most_minutes`.
    """
    travel = schedule.travel
    if place is None or travel is None:
        return Trip(0, schedule)
    kilometres = distance_km(Place(travel.latitude, travel.longitude), place)
    minutes = ceil(round(kilometres / travel.speed_kmh * 60, 6) / QUARTER) * QUARTER
    before, after = schedule.buffer_before + minutes, schedule.buffer_after + minutes
    if (travel.most_km and kilometres > travel.most_km) or max(before, after) > most_minutes:
        return None
    return Trip(minutes, replace(schedule, buffer_before=before, buffer_after=after))
