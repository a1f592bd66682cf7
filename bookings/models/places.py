"""Where the places are that the site has words for: latitude and longitude of their middle."""

from bookings.models.words import PLACES
from bookings.slots import Place

WHERE: dict[str, Place] = {
    "Seoul": Place(37.5665, 126.9780),
    "Busan": Place(35.1796, 129.0756),
    "Jeju": Place(33.4996, 126.5312),
    "Daegu": Place(35.8714, 128.6014),
    "Gyeongju": Place(35.8562, 129.2247),
    "Tokyo": Place(35.6762, 139.6503),
    "Osaka": Place(34.6937, 135.5023),
    "Paris": Place(48.8566, 2.3522),
    "Lyon": Place(45.7640, 4.8357),
    "Barcelona": Place(41.3874, 2.1686),
    "Lisbon": Place(38.7223, -9.1393),
    "London": Place(51.5074, -0.1278),
    "New York": Place(40.7128, -74.0060),
    "San Francisco": Place(37.7749, -122.4194),
    "Melbourne": Place(-37.8136, 144.9631),
}


def place_in(address: str) -> Place | None:
    """Return where an address is, as far as it names a place that the site knows."""
    if not address:  # as most bookings have none
        return None
    written = address.casefold()
    for stored, label in PLACES.items():
        if stored.casefold() in written or str(label).casefold() in written:
            return WHERE[stored]
    return None
