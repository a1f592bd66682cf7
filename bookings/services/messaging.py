"""Messages between the two sides of a booking."""

from datetime import datetime

from django.utils.translation import gettext as _

from bookings.models import Booking, Message
from bookings.services.letters import write_of_message
from softfactory.accounts.models import User
from softfactory.kernel.db.retry import transactional
from softfactory.kernel.problems import Conflict, Forbidden

MOST = 500  # about one booking
LATEST = 50


@transactional
def write_message(*, booking: Booking, author: User, text: str, now: datetime) -> Message:
    """Write to the other side of a booking, who is told by e-mail.

    Raises Forbidden to others than its two sides, Conflict about a mere hold, which the chef knows
    nothing of, and where very much was written already.
    """
    if author.pk not in (booking.customer_id, booking.chef.owner_id):
        raise Forbidden("not_yours", _("Only the customer and the chef can write here."))
    if booking.status == Booking.Status.HELD:
        raise Conflict("not_asked_yet", _("Book this time first. Then you can write to the chef."))
    if Message.objects.of_booking(booking)[MOST - 1 : MOST].exists():
        message = _("So much was written about this booking that no more can be kept.")
        raise Conflict("too_many_messages", message)
    written = Message.objects.create(booking=booking, author=author, text=text, created_at=now)
    write_of_message(written, now=now)
    return written


def messages_of(booking: Booking) -> list[Message]:
    """Return the latest messages about a booking, the oldest of them first. One query."""
    rows = Message.objects.of_booking(booking).newest_first()[:LATEST]
    return list(reversed(rows))
