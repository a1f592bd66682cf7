"""The named queries of series."""

from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models import Q

if TYPE_CHECKING:
    from bookings.models import Series


class SeriesQuerySet(models.QuerySet["Series"]):
    """Visits that repeat."""

    def visible_to(self, user: models.Model) -> Self:
        """The user's own: as customer, or as the owner of the chef."""
        return self.filter(Q(customer=user) | Q(chef__owner=user))

    def with_parties(self) -> Self:
        """Each together with its chef and its customer."""
        return self.select_related("chef", "customer")
