"""The named queries of calendars elsewhere."""

from datetime import datetime, timedelta
from typing import Any, Self

from django.db import models
from django.db.models import F


class BusyCalendarQuerySet(models.QuerySet):
    """Calendars elsewhere."""

    def due(self, *, now: datetime) -> Self:
        """Those that are to be read by now, of chefs who take bookings."""
        rows = self.standing().filter(due_at__lte=now, chef__is_active=True)
        return rows.order_by("due_at", "pk")

    def standing(self) -> Self:
        """Those that were not disconnected."""
        return self.exclude(connection__left_at__isnull=False)

    def owned_by(self, user: models.Model) -> Self:
        """Those of the user's chefs."""
        return self.filter(chef__owner=user)

    def connected(self) -> Self:
        """Those that bookings are written into."""
        return self.filter(connection__isnull=False)

    def shown(self) -> models.QuerySet[Any, Any]:
        """Each connected one as a dict of what the API shows."""
        return self.values(
            "id",
            "chef_id",
            "name",
            "host",
            "read_at",
            "created_at",
            read_problem=F("problem"),
            written_at=F("connection__written_at"),
            write_problem=F("connection__problem"),
            left_at=F("connection__left_at"),
        )

    def busy_between(self, chef: models.Model, starts_at: datetime, ends_at: datetime) -> Self:
        """Those of a chef that have something in between."""
        within = {"periods__starts_at__lt": ends_at, "periods__ends_at__gt": starts_at}
        return self.filter(chef=chef, **within).order_by("pk").distinct()

    def with_chef(self) -> Self:
        """Each with its chef, and what opens it, if something does."""
        return self.select_related("chef", "connection")

    def claim(self, calendar: Any, *, now: datetime, lease: timedelta) -> bool:
        """Take one that is due, unless somebody else has."""
        return bool(self.filter(pk=calendar.pk, due_at=calendar.due_at).update(due_at=now + lease))
