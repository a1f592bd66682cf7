"""Visits that are over complete themselves some days later, so that the chef is paid."""

import logging
from datetime import datetime, timedelta

from bookings.models import Booking
from bookings.services.moving import move
from softfactory.kernel.problems import Conflict

# In which chefs may say that nobody came, and guests that something went wrong.
GRACE = timedelta(days=3)
AT_ONCE = 200

logger = logging.getLogger(__name__)


def complete_over(now: datetime) -> int:
    """Complete confirmed visits that ended some days ago; return how many.

    Any number of clocks may run it at once, and owners decide meanwhile: each row moves once.
    """
    completed = 0
    rows = Booking.objects.over_since(now - GRACE).with_parties()[:AT_ONCE]
    for booking in list(rows):
        confirmed = Booking.objects.filter(pk=booking.pk).over_since(now - GRACE)
        try:
            move(booking, confirmed, Booking.Status.COMPLETED, now=now)
        except Conflict:  # its owner was quicker
            continue
        except Exception:
            logger.exception("Booking %s could not be completed", booking.pk)
            continue
        completed += 1
    return completed
