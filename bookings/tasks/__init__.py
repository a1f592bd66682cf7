"""What happens in the background: e-mails to the two sides of a booking."""

from bookings.tasks.posting import post_letters
from bookings.tasks.telling import (
    offer_places,
    tell_of_failed_payment,
    tell_of_new_time,
    tell_of_place,
)

__all__ = [
    "offer_places",
    "post_letters",
    "tell_of_failed_payment",
    "tell_of_new_time",
    "tell_of_place",
]
