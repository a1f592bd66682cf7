"""The named queries of reviews."""

from typing import TYPE_CHECKING, Any, Self

from django.db import models
from django.db.models import Count

if TYPE_CHECKING:
    from bookings.models import Review


class ReviewQuerySet(models.QuerySet["Review"]):
    """Reviews."""

    def shown(self) -> models.QuerySet[Any, Any]:
        """Each as a dict of what the API shows of a review."""
        return self.values("id", "rating", "text", "author_name", "created_at")

    def counts_by_rating(self) -> models.QuerySet:
        """Pairs of stars and how many gave them."""
        counted = self.order_by().values("rating").annotate(given=Count("pk"))
        return counted.values_list("rating", "given")

    def newest_first(self) -> Self:
        """The last one first."""
        return self.order_by("-created_at", "-pk")
