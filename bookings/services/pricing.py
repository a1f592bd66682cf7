"""What a booking costs: once per visit, per hour, and per guest. The server's word alone."""

from dataclasses import replace

from bookings.models import Booking, Chef, Price
from softfactory.kernel.money import Money


def price_of(*, chef: Chef, hours: int, guests: int) -> Price:
    """Return what `hours` of this chef for `guests` people cost."""
    return Price(
        session=chef.session_rate,
        hours=chef.hourly_rate * hours,
        guests=chef.price_per_guest * guests,
    )


def lasting(booking: Booking, hours: int) -> Price:
    """Return what a booking costs if it lasts so long, at the rates that it was made at."""
    each = booking.price.hours.amount // booking.duration_hours
    return replace(booking.price, hours=Money(each * hours, booking.currency))
