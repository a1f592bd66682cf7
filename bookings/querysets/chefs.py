"""The named queries of chefs."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta
from functools import reduce
from operator import or_
from typing import TYPE_CHECKING, Any, Self

from django.db import connections, models
from django.db.models import Case, Exists, F, OuterRef, Q, Subquery, Value, When
from django.db.models.functions import Coalesce, JSONObject, Upper
from django.db.models.lookups import Exact

from bookings.querysets.searching import having
from softfactory.kernel.db.functions import CountOf, CountsOf, DistinctValues, JSONRows
from softfactory.kernel.db.models import VersionedQuerySet
from softfactory.kernel.db.statements import Parameter
from softfactory.kernel.db.tags import union_of
from softfactory.kernel.zones import zone

if TYPE_CHECKING:
    from bookings.models import Chef

RULE_ROW = JSONObject(weekday=F("weekday"), starts=F("starts"), ends=F("ends"))
EXCEPTION_ROW = JSONObject(date=F("date"), starts=F("starts"), ends=F("ends"))


# Zones are at most so far behind UTC, and ahead of it.
WESTERNMOST, EASTERNMOST = timedelta(hours=12), timedelta(hours=14)
#: Hundredths of a star from which on one may search, by the column that counts such chefs.
RATED = {"rated_450": 450, "rated_400": 400}
DAY, MINUTE = timedelta(days=1), timedelta(minutes=1)
# The outer chef's, looked for chef by chef. Told by the key alone, PostgreSQL reads everybody's
# rows instead: it does not reckon with how few chefs fill a page.
ONE_BY_ONE = {"chef": OuterRef("pk"), "chef__gte": OuterRef("pk")}


def _rows_per_chef(related: models.QuerySet[Any, Any], row: JSONObject) -> Subquery:
    """The rows of `related` that belong to the outer chef, as one JSON list."""
    grouped = related.filter(chef=OuterRef("pk")).order_by().values("chef")
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
            "stars_1",
            "stars_2",
            "stars_3",
            "stars_4",
            "stars_5",
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

    def ids_owned_by(self, user: int | Parameter) -> models.QuerySet[Any, Any]:
        """Nothing but the `id` of each of the user's own."""
        return self.filter(owner=user).values("id")

    def with_availability(self) -> Self:
        """Each chef with `rule_rows` and `exception_rows` (lists of dicts), in the same query."""
        return self.annotate(
            rule_rows=_rows_per_chef(self._related("availability_rules"), RULE_ROW),
            exception_rows=_rows_per_chef(self._related("availability_exceptions"), EXCEPTION_ROW),
        )

    def with_policy(self) -> Self:
        """Each chef together with its policy."""
        return self.select_related("policy")

    def _related(self, name: str) -> models.QuerySet[Any, Any]:
        related: Any = self.model._meta.get_field(name).related_model
        return related._default_manager.all()

    def of_cuisine(self, cuisine: str) -> Self:
        """Those who cook it; case does not matter."""
        return self.filter(Exact(Upper("cuisine"), Upper(Value(cuisine))))

    def in_place(self, place: str) -> Self:
        """Those whose place has these words in it."""
        return self.filter(location__icontains=place)

    def matching(self, text: str) -> Self:
        """Those who have every word of the text, or letters, in name, cuisine, place or bio."""
        words = text.split()
        if not words:
            return self
        return self.filter(pk__in=having(words, connections[self.db].vendor))

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

    def open_on(self, day: date, *, now: datetime) -> Self:
        """Those who may have a free start on that date by their hours, notice and horizon.

        Some of them have none. Of a near date, it asks where they are: one query more.
        """
        reach = datetime.combine(day, time(), UTC) - now + DAY + WESTERNMOST
        if reach < timedelta():
            return self.none()
        # Hours that begin the day before may run into this one.
        days = [day - DAY, day]
        weekly = self._related("availability_rules").filter(
            **ONE_BY_ONE, weekday__in=[each.weekday() for each in days]
        )
        dated = self._related("availability_exceptions").filter(
            **ONE_BY_ONE, date__in=days, starts__isnull=False
        )
        chefs = self.filter(
            Exists(weekly) | Exists(dated),
            minimum_notice_minutes__lte=reach // MINUTE,
            horizon_days__gte=(day - (now + EASTERNMOST).date()).days,
        )
        is_near = day <= (now + EASTERNMOST).date()
        return chefs.filter(self._in_time_for(day, now=now)) if is_near else chefs

    def _in_time_for(self, day: date, *, now: datetime) -> Q:
        """Those whose notice ends before that date does where they are."""
        names = self.model._default_manager.active().order_by().values_list("timezone", flat=True)
        conditions = [
            Q(timezone=name, minimum_notice_minutes__lte=left // MINUTE)
            for name in names.distinct()
            if (left := datetime.combine(day + DAY, time(), zone(name)).astimezone(UTC) - now)
            > timedelta()
        ]
        return reduce(or_, conditions, Q(pk__in=()))

    def suiting(self, tags: Sequence[str]) -> Self:
        """Those with a menu on offer that suits all of this at once, such as vegan and halal."""
        chefs = self.filter(diets__has=tags)
        if len(tags) == 1:
            return chefs  # what is kept says it all
        return chefs.filter(Exists(self._menus_on_offer().filter(dietary__has=tags)))

    def keep_diets(self) -> int:
        """Write down what the menus of these suit altogether, which is no edit of them."""
        suited = (
            self._menus_on_offer().order_by().values("chef").annotate(suited=self._union("dietary"))
        )
        return self.update_derived(diets=Coalesce(Subquery(suited.values("suited")), 0))

    def _menus_on_offer(self) -> models.QuerySet[Any, Any]:
        """The menus of the outer chef that can be booked if the chef can."""
        return self._related("menus").filter(
            chef=OuterRef("pk"), is_active=True, currency=OuterRef("currency")
        )

    def _union(self, column: str) -> Any:
        diets: Any = self.model._meta.get_field("diets")
        return union_of(column, diets.tags)

    def _suited(self, tags: Sequence[str]) -> models.QuerySet[Any, Any]:
        """Of each chef with menus that suit all of this, `suited`: all that such menus suit, as a
        number.
        """
        if not tags:
            return self.order_by().values(suited=F("diets"))
        on_offer = {"menus__is_active": True, "menus__currency": F("currency")}
        chefs = self.order_by().filter(diets__has=tags, menus__dietary__has=tags, **on_offer)
        return chefs.values("pk").annotate(suited=self._union("menus__dietary")).values("suited")

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

    def with_counts(
        self, *, cuisines: Self, ratings: Self, diets: Self, suiting: Sequence[str]
    ) -> Self:
        """Each chef with `cuisine_counts`, how many of these cook what; with each of `RATED`, how
        many of those are rated like that or better; and with `diet_counts`, how many of the last
        ones have menus for whom, besides all of `suiting`. In the same query.
        """
        return self.annotate(
            cuisine_counts=CountsOf(cuisines.order_by().values("cuisine"), column="cuisine"),
            diet_counts=CountsOf(diets._suited(suiting), column="suited"),
            **{
                name: CountOf(ratings.rated_at_least(least).order_by().values("pk"))
                for name, least in RATED.items()
            },
        )

    def with_choices(self) -> Self:
        """Each chef with `cuisines` and `places`: all that active chefs have, in the same query."""
        return self.annotate(
            cuisines=DistinctValues(self.model, "cuisine", where="is_active"),
            places=DistinctValues(self.model, "location", where="is_active"),
        )
