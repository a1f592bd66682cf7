"""The named queries of bookings."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, Self

from django.db import models
from django.db.models import Case, F, Q, When

from softfactory.kernel.db.models import VersionedQuerySet
from softfactory.kernel.db.statements import Parameter

if TYPE_CHECKING:
    from bookings.models import Booking


class BookingQuerySet(VersionedQuerySet["Booking"]):
    """Bookings."""

    def shown(self) -> models.QuerySet[Any, Any]:
        """Each as a dict of what the API shows of a booking."""
        return self.values(
            "id",
            "chef_id",
            "customer_id",
            "starts_at",
            "ends_at",
            "timezone",
            "duration_hours",
            "guests",
            "status",
            "payment_status",
            "total_amount",
            "currency",
            "menu_id",
            "menu_title",
            "special_requests",
            "address",
            "latitude",
            "longitude",
            "travel_minutes",
            "expires_at",
            "created_at",
            "updated_at",
        )

    def visible_to(self, user: models.Model) -> Self:
        """The user's own: as customer, or as the owner of the chef."""
        return self.filter(Q(customer=user) | Q(chef__owner=user))

    def of_customer_or_chefs(self, user: int | Parameter, *chefs: int | Parameter) -> Self:
        """Those the user made, and those of these chefs: for lists, as each side has its index."""
        return self.filter(Q(customer=user) | Q(chef__pk__in=chefs))

    def of_customer(self, user: models.Model) -> Self:
        """Those the user made."""
        return self.filter(customer=user)

    def of_chefs(self, chefs: Iterable[int]) -> Self:
        """Those of these chefs."""
        return self.filter(chef__in=list(chefs))

    def starting(self, *, first: datetime, last: datetime) -> Self:
        """Those that start between these instants, both included."""
        return self.filter(starts_at__range=(first, last))

    def of_owner(self, user: models.Model) -> Self:
        """Those of the chefs that the user owns."""
        return self.filter(chef__owner=user)

    def with_chef(self) -> Self:
        """Each booking together with its chef."""
        return self.select_related("chef")

    def with_parties(self) -> Self:
        """Each booking together with its chef, its customer, and what was agreed."""
        return self.select_related("chef", "customer", "policy")

    def with_both_sides(self) -> Self:
        """Each booking together with its chef, that one's owner, and its customer."""
        return self.select_related("chef__owner", "customer")

    def with_reviews(self) -> Self:
        """Each booking together with what both sides said of it, if they did."""
        return self.select_related("review", "guest_review")

    def with_series(self) -> Self:
        """Each booking together with which visit of a series it is, if it is one."""
        return self.select_related("part__series")

    def of_series(self, series: models.Model) -> Self:
        """The visits of a series, in order."""
        return self.filter(part__series=series).order_by("part__number")

    def with_policy(self) -> Self:
        """Each booking together with what was agreed."""
        return self.select_related("policy")

    def paid_here(self) -> Self:
        """Those of chefs who are paid by our payments."""
        return self.filter(policy__isnull=False)

    def ended(self) -> Self:
        """Those that are over, or came to nothing."""
        return self.exclude(status__in=self.model.OCCUPYING)

    def locked(self) -> Self:
        """Nobody else's to change until the transaction ends."""
        return self.select_for_update(of=("self",), no_key=True)

    def with_balance_due(self, *, now: datetime) -> Self:
        """Those of which the rest is to be paid by now."""
        return self.filter(status="confirmed", payment_status="part_paid", balance_at__lte=now)

    def occupying(self) -> Self:
        """Those that take a chef's time."""
        return self.filter(status__in=self.model.OCCUPYING)

    def taking_place(self) -> Self:
        """Those that are to be, or were: nothing that was called off."""
        return self.filter(status__in=[*self.model.OCCUPYING, "completed", "no_show"])

    def pending(self) -> Self:
        """Those that wait for the chef."""
        return self.filter(status=self.model.Status.PENDING)

    def lapsed(self, *, now: datetime) -> Self:
        """Holds whose time is up."""
        return self.filter(expires_at__lte=now)  # nothing else has an expiry

    def unanswered(self, *, now: datetime) -> Self:
        """Requests whose time has come without an answer."""
        return self.filter(status=self.model.Status.PENDING, starts_at__lte=now)

    def to_be_reminded_of(self, *, now: datetime, ahead: timedelta, fresh: timedelta) -> Self:
        """Confirmed visits that are so near, unless they were decided on only `fresh` before."""
        soon = self.filter(
            status="confirmed", reminded_at__isnull=True, starts_at__range=(now, now + ahead)
        )
        return soon.filter(decided_at__lte=F("starts_at") - fresh).order_by("starts_at", "pk")

    def over_since(self, then: datetime) -> Self:
        """Confirmed visits that had ended by then, and that nobody said anything of."""
        return self.filter(status="confirmed", ends_at__lte=then).order_by("ends_at", "pk")

    def standing(self, *, now: datetime) -> Self:
        """Those that take a chef's time now: not a hold whose time is up."""
        return self.occupying().exclude(expires_at__lte=now)

    def upcoming(self, *, now: datetime) -> Self:
        """Those that take a chef's time and are not over."""
        return self.standing(now=now).filter(ends_at__gt=now)

    def past(self, *, now: datetime) -> Self:
        """All others: over, or come to nothing."""
        return self.filter(
            ~Q(status__in=self.model.OCCUPYING)
            | Q(ends_at__lte=now)
            | Q(status=self.model.Status.HELD, expires_at__lte=now)
        )

    def in_calendars(self, *, ends_after: datetime, off_since: datetime) -> Self:
        """What calendars show: requests and visits, and those called off while one may have seen
        them.
        """
        stands = Q(status__in=[*self.model.OCCUPYING, "completed", "no_show"])
        return self.asked().filter(stands | Q(updated_at__gte=off_since), ends_at__gte=ends_after)

    def asked(self) -> Self:
        """Those that reached the chef: no mere holds."""
        return self.exclude(status=self.model.Status.HELD)

    def only_range(self) -> Self:
        """Nothing but the time that each takes, buffers included."""
        return self.only(
            "chef_id", "starts_at", "ends_at", "buffer_before_minutes", "buffer_after_minutes"
        )

    def newest_first(self) -> Self:
        """As they were made, the last one first."""
        return self.order_by("-created_at", "-pk")

    def soonest_first(self) -> Self:
        """As they start."""
        return self.order_by("starts_at", "pk")

    def waiting_first(self) -> Self:
        """Those that wait for the chef, then the others, each as they start."""
        waits = Case(When(status=self.model.Status.PENDING, then=0), default=1)
        return self.order_by(waits, "starts_at", "pk")

    def latest_first(self) -> Self:
        """The last one to start first."""
        return self.order_by("-starts_at", "-pk")
