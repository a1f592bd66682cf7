"""The named queries of usage."""

from collections.abc import Iterable
from datetime import datetime
from typing import TYPE_CHECKING, Any, Self

from django.db import models
from django.db.models import OuterRef, Q, Subquery, Sum
from django.db.models.functions import Coalesce

if TYPE_CHECKING:
    from subscriptions.models import UsagePeriod

#: The subscription, None for the free allowance, and the beginning of its period.
type Counter = tuple[int | None, datetime]


class UsagePeriodQuerySet(models.QuerySet["UsagePeriod"]):
    """Counts of what was used."""

    def counted_in(self, user_id: int, counters: Iterable[Counter]) -> Self:
        """The user's in any of these periods."""
        wanted = Q(pk__in=())
        for subscription, starts_at in counters:
            wanted |= Q(subscription=subscription, starts_at=starts_at)
        return self.filter(wanted, user=user_id)

    def miscounted(self) -> Self:
        """Those that are not the sum of their records."""
        records: Any = self.model._meta.get_field("records").related_model
        of_period = records._default_manager.filter(period=OuterRef("pk")).order_by()
        summed = of_period.values("period").annotate(sum=Sum("quantity")).values("sum")
        return self.exclude(used=Coalesce(Subquery(summed), 0))
