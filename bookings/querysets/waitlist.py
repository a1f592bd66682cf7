"""The named queries of waitlists."""

from datetime import date
from typing import TYPE_CHECKING, Any, Self

from django.db import models
from django.db.models import Count, F, OuterRef, Q, Subquery, Value
from django.db.models.functions import Coalesce

if TYPE_CHECKING:
    from bookings.models import WaitlistEntry


class WaitlistQuerySet(models.QuerySet["WaitlistEntry"]):
    """Places in lines."""

    def shown(self) -> models.QuerySet[Any, Any]:
        """Each as a dict of what the API shows of it."""
        return self.with_place().values(
            "id",
            "chef_id",
            "date",
            "duration_hours",
            "guests",
            "status",
            "place",
            "booking_id",
            "created_at",
            held_until=F("booking__expires_at"),
        )

    def with_place(self) -> Self:
        """Each with `place`: 1 for the first of its line, 0 for who waits no more."""
        before = (
            self.model.objects.waiting()
            .filter(chef=OuterRef("chef"), date=OuterRef("date"))
            .filter(Q(created_at__lt=OuterRef("created_at")) | Q(pk=OuterRef("pk")))
            .order_by()
            .values("chef")
            .annotate(count=Count("pk"))
            .values("count")
        )
        place = models.Case(
            models.When(status=self.model.Status.WAITING, then=Coalesce(Subquery(before), 1)),
            default=Value(0),
        )
        return self.annotate(place=place)

    def of_customer(self, user: models.Model) -> Self:
        """The user's own."""
        return self.filter(customer=user)

    def standing(self) -> Self:
        """Those in line, or at its head."""
        return self.filter(status__in=self.model.STANDING)

    def waiting(self) -> Self:
        """Those in line."""
        return self.filter(status=self.model.Status.WAITING)

    def offered(self) -> Self:
        """Those for whom a time is held, or was."""
        return self.filter(status=self.model.Status.OFFERED)

    def of_chef(self, chef_id: int) -> Self:
        """Those for a chef."""
        return self.filter(chef=chef_id)

    def before(self, day: date) -> Self:
        """Those for days before this one."""
        return self.filter(date__lt=day)

    def in_line(self) -> Self:
        """As they asked, the first one first."""
        return self.order_by("date", "created_at", "pk")

    def with_chef(self) -> Self:
        """Each together with its chef and booking."""
        return self.select_related("chef", "booking")

    def with_customer(self) -> Self:
        """Each together with its customer, its chef, and what is held."""
        return self.select_related("customer", "chef", "booking")

    def newest_first(self) -> Self:
        """The last one first."""
        return self.order_by("-created_at", "-pk")
