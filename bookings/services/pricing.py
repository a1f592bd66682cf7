"""What a booking costs: per visit, hour and guest, or by a menu. The server's word alone."""

from dataclasses import replace

from bookings.models import Booking, Chef, Menu, Price
from softfactory.kernel.money import Money


def price_of(*, chef: Chef, hours: int, guests: int, menu: Menu | None = None) -> Price:
    """Return what `hours` of this chef for `guests` people cost; or one of its menus, which has a
    price per guest and nothing by the hour.
    """
    if menu is not None:
        nothing = Money(0, chef.currency)
        return Price(chef.session_rate, nothing, menu.price_per_guest * guests)
    return Price(
        session=chef.session_rate,
        hours=chef.hourly_rate * hours,
        guests=chef.price_per_guest * guests,
    )


def lasting(booking: Booking, hours: int) -> Price:
    """Return what a booking costs if it lasts so long, at the rates that it was made at."""
    each = booking.price.hours.amount // booking.duration_hours
    return replace(booking.price, hours=Money(each * hours, booking.currency))
