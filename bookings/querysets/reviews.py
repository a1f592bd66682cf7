"""The named queries of reviews, of chefs and of guests."""

from datetime import datetime
from typing import Any, Self

from django.db import models


class ReviewQuerySet(models.QuerySet):
    """Reviews."""

    def shown(self) -> models.QuerySet[Any, Any]:
        """Each as a dict of what the API shows of a review of a chef."""
        return self.values(
            "id", "rating", "text", "author_name", "answer", "answered_at", "created_at"
        )

    def published(self) -> Self:
        """Those that everybody may read."""
        return self.filter(published_at__isnull=False)

    def quotable(self) -> Self:
        """Of reviews of chefs, those whose words may stand elsewhere: see `Review.is_quotable`."""
        return self.published().filter(may_be_quoted=True)

    def due(self, *, now: datetime) -> Self:
        """Those that waited for the other side for as long as they may."""
        return self.filter(due_at__lte=now)

    def with_booking(self) -> Self:
        """Each together with its booking."""
        return self.select_related("booking")

    def newest_first(self) -> Self:
        """The last one first."""
        return self.order_by("-created_at", "-pk")
