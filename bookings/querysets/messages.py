"""The named queries of messages, and of the letters that tell of them and of all else."""

from datetime import datetime, timedelta
from typing import Any, Self

from django.db import models
from django.db.models import F


class MessageQuerySet(models.QuerySet):
    """What the two sides of bookings write to each other."""

    def shown(self) -> models.QuerySet[Any, Any]:
        """Each as a dict of what the API shows of a message."""
        return self.values("id", "author_id", "text", "created_at")

    def of_booking(self, booking: models.Model) -> Self:
        """Those about a booking."""
        return self.filter(booking=booking)

    def newest_first(self) -> Self:
        """The last one first."""
        return self.order_by("-created_at", "-pk")


class LetterQuerySet(models.QuerySet):
    """E-mails to the sides of bookings."""

    def due(self, *, now: datetime) -> Self:
        """Those that are to be sent by now, as they were written."""
        return self.filter(due_at__lte=now).order_by("due_at", "pk")

    def with_all(self) -> Self:
        """Each with all that it may speak of."""
        return self.select_related(
            "reader", "message__author", "booking__customer", "booking__chef__owner"
        )

    def claim(self, letter: Any, *, now: datetime, lease: timedelta) -> bool:
        """Take a due letter, unless somebody else has; it is due again when the lease is over."""
        due = self.filter(pk=letter.pk, due_at=letter.due_at)
        return bool(due.update(due_at=now + lease, tries=F("tries") + 1))

    def forgettable(self, *, written_before: datetime) -> Self:
        """Those of long ago that nothing is left to be done about."""
        return self.filter(created_at__lt=written_before, due_at__isnull=True)
