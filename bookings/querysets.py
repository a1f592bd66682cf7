"""The named queries of CooCook."""

from collections.abc import Iterable
from datetime import datetime
from typing import TYPE_CHECKING, Any, Self

from django.db import models
from django.db.models import Case, Count, F, OuterRef, Q, Subquery, Value, When
from django.db.models.functions import JSONObject, Upper
from django.db.models.lookups import Exact

from softfactory.kernel.db.functions import CountOf, DistinctValues, JSONRows
from softfactory.kernel.db.models import VersionedQuerySet

if TYPE_CHECKING:
    from bookings.models import Booking, Chef, Review

RULE_ROW = JSONObject(weekday=F("weekday"), starts=F("starts"), ends=F("ends"))
EXCEPTION_ROW = JSONObject(date=F("date"), starts=F("starts"), ends=F("ends"))


def _rows_per_chef(related: type[models.Model], row: JSONObject) -> Subquery:
    """The rows of `related` that belong to the outer chef, as one JSON list."""
    grouped = related._default_manager.filter(chef=OuterRef("pk")).order_by().values("chef")
    return Subquery(grouped.annotate(rows=JSONRows(row)).values("rows"))


class ChefQuerySet(VersionedQuerySet["Chef"]):
    """Chefs."""

    def shown(self) -> models.QuerySet[Any, Any]:
        """Each as a dict of what the API shows of a chef, and what its lists are in order of."""
        return self.values(
            "id",
            "owner_id",
            "name",
            "bio",
            "cuisine",
            "location",
            "timezone",
            "currency",
            "hourly_rate_amount",
            "session_rate_amount",
            "price_per_guest_amount",
            "max_guests",
            "is_active",
            "instant_booking",
            "rating_hundredths",
            "review_count",
            "picture",
            "created_at",
            "updated_at",
        )

    def active(self) -> Self:
        """Those who take bookings."""
        return self.filter(is_active=True)

    def visible_to(self, user: models.Model) -> Self:
        """Those who take bookings, and the user's own."""
        return self.filter(Q(is_active=True) | Q(owner=user))

    def owned_by(self, user: models.Model) -> Self:
        """The user's own."""
        return self.filter(owner=user)

    def with_availability(self) -> Self:
        """Each chef with `rule_rows` and `exception_rows` (lists of dicts), in the same query."""
        rules = self.model._meta.get_field("availability_rules").related_model
        exceptions = self.model._meta.get_field("availability_exceptions").related_model
        return self.annotate(
            rule_rows=_rows_per_chef(rules, RULE_ROW),
            exception_rows=_rows_per_chef(exceptions, EXCEPTION_ROW),
        )

    def of_cuisine(self, cuisine: str) -> Self:
        """Those who cook it; case does not matter."""
        return self.filter(Exact(Upper("cuisine"), Upper(Value(cuisine))))

    def in_place(self, place: str) -> Self:
        """Those whose place has these words in it."""
        return self.filter(location__icontains=place)

    def matching(self, text: str) -> Self:
        """Those who have every word of the text in name, cuisine, place or bio."""
        chefs = self
        for word in text.split():
            chefs = chefs.filter(
                Q(name__icontains=word)
                | Q(cuisine__icontains=word)
                | Q(location__icontains=word)
                | Q(bio__icontains=word)
            )
        return chefs

    def priced_between(self, least: int | None, most: int | None, *, currency: str) -> Self:
        """Those who ask so much for an hour, in minor units of a currency; None is no limit."""
        limits = {"hourly_rate_amount__gte": least, "hourly_rate_amount__lte": most}
        return self.filter(
            currency=currency, **{name: at for name, at in limits.items() if at is not None}
        )

    def rated_at_least(self, hundredths: int) -> Self:
        """Those with such a rating or a better one; 450 is 4.5 stars."""
        return self.filter(rating_hundredths__gte=hundredths)

    def for_guests(self, guests: int) -> Self:
        """Those who cook for so many."""
        return self.filter(max_guests__gte=guests)

    def best_first(self) -> Self:
        """The best rated first."""
        return self.order_by("-rating_hundredths", "-pk")

    def newest_first(self) -> Self:
        """The last one to join first."""
        return self.order_by("-created_at", "-pk")

    def by_hourly_rate(self, *, currency: str, falling: bool = False) -> Self:
        """By what an hour costs; those who ask in another currency come last."""
        abroad = Case(When(currency=currency, then=0), default=1)
        return self.order_by(
            abroad, "-hourly_rate_amount" if falling else "hourly_rate_amount", "pk"
        )

    def with_total(self) -> Self:
        """Each chef with `total`: how many there are in all, whatever slice is taken."""
        return self.annotate(total=CountOf(self.order_by().values("pk")))

    def with_choices(self) -> Self:
        """Each chef with `cuisines` and `places`: all that active chefs have, in the same query."""
        return self.annotate(
            cuisines=DistinctValues(self.model, "cuisine", where="is_active"),
            places=DistinctValues(self.model, "location", where="is_active"),
        )


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
            "total_amount",
            "currency",
            "special_requests",
            "expires_at",
            "created_at",
            "updated_at",
        )

    def visible_to(self, user: models.Model) -> Self:
        """The user's own: as customer, or as the owner of the chef."""
        return self.filter(Q(customer=user) | Q(chef__owner=user))

    def of_customer_or_chefs(self, user: models.Model, chef_ids: Iterable[int]) -> Self:
        """Those the user made, and those of these chefs: for lists, as each side has its index."""
        return self.filter(Q(customer=user) | Q(chef__in=list(chef_ids)))

    def of_customer(self, user: models.Model) -> Self:
        """Those the user made."""
        return self.filter(customer=user)

    def of_owner(self, user: models.Model) -> Self:
        """Those of the chefs that the user owns."""
        return self.filter(chef__owner=user)

    def with_chef(self) -> Self:
        """Each booking together with its chef."""
        return self.select_related("chef")

    def with_parties(self) -> Self:
        """Each booking together with its chef and its customer."""
        return self.select_related("chef", "customer")

    def occupying(self) -> Self:
        """Those that take a chef's time."""
        return self.filter(status__in=self.model.OCCUPYING)

    def pending(self) -> Self:
        """Those that wait for the chef."""
        return self.filter(status=self.model.Status.PENDING)

    def lapsed(self, *, now: datetime) -> Self:
        """Holds whose time is up."""
        return self.filter(expires_at__lte=now)  # nothing else has an expiry

    def unanswered(self, *, now: datetime) -> Self:
        """Requests whose time has come without an answer."""
        return self.filter(status=self.model.Status.PENDING, starts_at__lte=now)

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


class OccupancyQuerySet(models.QuerySet):
    """Quarter hours of chefs that are taken."""

    def within(self, ticks: range) -> Self:
        """Those with a tick in this range."""
        return self.filter(tick__gte=ticks.start, tick__lt=ticks.stop)

    def standing(self, *, now: datetime) -> Self:
        """Those that nobody may take over: not of a lapsed hold."""
        return self.filter(Q(releases_at__isnull=True) | Q(releases_at__gt=now))

    def lapsed(self, *, now: datetime) -> Self:
        """Those that whoever comes first may take over."""
        return self.filter(releases_at__lte=now)

    def of_chefs(self, chef_ids: Iterable[int]) -> Self:
        """Those of these chefs."""
        return self.filter(chef__in=list(chef_ids))


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
