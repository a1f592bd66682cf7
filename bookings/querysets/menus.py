"""The named queries of menus."""

from typing import TYPE_CHECKING, Any, Self

from django.db import models
from django.db.models import F

from softfactory.kernel.db.models import VersionedQuerySet

if TYPE_CHECKING:
    from bookings.models import Menu


class MenuQuerySet(VersionedQuerySet["Menu"]):
    """Menus."""

    def shown(self) -> models.QuerySet[Any, Any]:
        """Each as a dict of what the API shows of it."""
        return self.values(
            "id",
            "chef_id",
            "title",
            "description",
            "courses",
            "currency",
            "price_per_guest_amount",
            "duration_hours",
            "min_guests",
            "max_guests",
            "dietary",
            "allergens",
            "is_active",
            "picture",
            "picture_alt",
            "picture_copies",
            "created_at",
            "updated_at",
        )

    def offered(self) -> Self:
        """Those that can be booked: in the currency that their chef takes by now."""
        return self.filter(is_active=True, chef__is_active=True, currency=F("chef__currency"))

    def of_chef(self, chef_id: int | str) -> Self:
        """Those of a chef."""
        return self.filter(chef=chef_id)

    def owned_by(self, user: models.Model) -> Self:
        """Those of the user's own chefs."""
        return self.filter(chef__owner=user)

    def with_chef(self) -> Self:
        """Each together with its chef."""
        return self.select_related("chef")

    def oldest_first(self) -> Self:
        """As they were made."""
        return self.order_by("pk")
