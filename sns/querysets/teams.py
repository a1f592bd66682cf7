"""What a team sees: the rows of whoever owns them, and of whom one has a seat with."""

from typing import TYPE_CHECKING, Any, Self

from django.db import models

from softfactory.kernel.db.models import VersionedQuerySet

if TYPE_CHECKING:
    from softfactory.accounts.models import User


def owners_of(user: "User") -> list[int]:
    """Return the ids of all whose posts a user works on, their own first. One query."""
    return [user.pk, *user.seats_taken.values_list("owner_id", flat=True).order_by("owner_id")]


class OwnedQuerySet[Row: models.Model](VersionedQuerySet[Row]):
    """Rows of an owner, on which a team works."""

    def visible_to(self, user: "User") -> Self:
        """The user's own, and those of whom they have a seat with. Asks which, at once: almost
        everybody sees their own alone, which an index has in order.
        """
        return self.of_owners(owners_of(user))

    def of_owners(self, owners: list[int]) -> Self:
        """Those of these owners."""
        if len(owners) == 1:
            return self.filter(owner=owners[0])
        return self.filter(owner__in=owners)

    def newest_first(self) -> Self:
        """The last one first."""
        return self.order_by("-created_at", "-pk")

    def shown(self) -> models.QuerySet[Any, Any]:
        """Each as a dict of its columns."""
        return self.values()
