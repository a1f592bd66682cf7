"""The named queries of cards."""

from typing import TYPE_CHECKING, Any, Self

from django.db import models

if TYPE_CHECKING:
    from softfactory.payments.models import Card


class CardQuerySet(models.QuerySet["Card"]):
    """Cards."""

    def of(self, user: Any) -> Self:
        """A user's cards that are not removed, the one that pays first."""
        return self.filter(user=user, removed_at__isnull=True).order_by("-created_at", "-pk")

    def shown(self) -> models.QuerySet[Any, Any]:
        """Each as a dict of what the API shows of a card."""
        return self.values("id", "brand", "last4", "expires_month", "expires_year", "created_at")
