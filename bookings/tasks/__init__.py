"""What happens in the background: e-mails to the two sides of a booking."""

from bookings.tasks.posting import post_letters
from bookings.tasks.telling import tell_of_failed_payment, tell_of_new_time

__all__ = ["post_letters", "tell_of_failed_payment", "tell_of_new_time"]
