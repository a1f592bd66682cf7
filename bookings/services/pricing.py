"""What a booking costs: once per visit, per hour, and per guest. The server's word alone."""

from bookings.models import Chef, Price


def price_of(*, chef: Chef, hours: int, guests: int) -> Price:
    """Return what `hours` of this chef for `guests` people cost."""
    return Price(
        session=chef.session_rate,
        hours=chef.hourly_rate * hours,
        guests=chef.price_per_guest * guests,
    )
