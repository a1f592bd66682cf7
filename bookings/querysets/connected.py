"""The named queries of connected calendars, and of bookings' events in them."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any, Self

from django.db import models
from django.db.models import Count, F, Min, Q


class ConnectedCalendarQuerySet(models.QuerySet):
    """Connected calendars."""

    def owned_by(self, user: models.Model) -> Self:
        """Those of the user's chefs."""
        return self.filter(calendar__chef__owner=user)

    def standing(self) -> Self:
        """Those that were not disconnected."""
        return self.filter(left_at=None)

    def of_chefs(self, chefs: Iterable[int]) -> Self:
        """Those of these chefs that bookings are written into."""
        return self.standing().filter(calendar__chef__in=list(chefs))

    def locked(self) -> Self:
        """Nobody else's to disconnect until the transaction ends."""
        return self.select_for_update(of=("self",), no_key=True)

    def with_calendar(self) -> Self:
        """Each with what is known of reading it, and its chef's owner."""
        return self.select_related("calendar__chef__owner")

    def claim(self, connection: Any, *, now: datetime, lease: timedelta) -> bool:
        """Take one that may be written, unless somebody else has."""
        free = self.filter(pk=connection.pk, paused_until__lte=now)
        return bool(free.update(paused_until=now + lease))


class CalendarEntryQuerySet(models.QuerySet):
    """Bookings' events in connected calendars."""

    def due(self, *, now: datetime) -> Self:
        """Those to be written by now, the oldest first."""
        return self.filter(due_at__lte=now).order_by("due_at", "pk")

    def calendars_due(self, *, now: datetime) -> models.QuerySet[Any, Any]:
        """The calendars that something is to be written into by now, unless somebody does, or they
        are to be left alone; where it waits for longest comes first.
        """
        due = self.filter(due_at__lte=now, calendar__paused_until__lte=now)
        oldest = due.order_by().values("calendar").annotate(oldest=Min("due_at"))
        return oldest.order_by("oldest", "calendar").values_list("calendar", flat=True)

    def with_booking(self) -> Self:
        """Each with its booking, both as of one moment, and all that an event of it says."""
        return self.select_related(
            "calendar", "booking__chef__owner", "booking__customer", "booking__policy"
        )

    def waiting_in(self, calendars: Iterable[int]) -> dict[int, int]:
        """Return how many are to be written into each of these calendars."""
        rows = self.filter(calendar__in=list(calendars), due_at__isnull=False).order_by()
        return dict(rows.values_list("calendar").annotate(count=Count("pk")))

    def behind(self, *, ends_after: datetime) -> Self:
        """Those of bookings that were changed since, and of which nothing is to be written."""
        return self.filter(
            ~Q(version=F("booking__version")), due_at=None, booking__ends_at__gt=ends_after
        )
