"""What the lists of chefs and bookings can be narrowed to, and the orders of chefs."""

from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from decimal import ROUND_CEILING, Decimal
from typing import Any

from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator
from django.utils.translation import gettext_lazy as _
from django_filters import (
    CharFilter,
    ChoiceFilter,
    DateFilter,
    Filter,
    MultipleChoiceFilter,
    NumberFilter,
)
from django_filters.rest_framework import FilterSet
from drf_spectacular.utils import extend_schema_field

from bookings.models import Booking
from bookings.models.diets import DIETARY
from bookings.querysets import BookingQuerySet, ChefQuerySet
from bookings.services.free_on import FreeOn
from softfactory.kernel import clock
from softfactory.kernel.api.filters import QueryForm
from softfactory.kernel.money import DEFAULT_CURRENCY, EXPONENTS
from softfactory.kernel.zones import zone

#: The orders of the list of chefs, by name. The columns of each are unique together.
CHEF_ORDERS = {
    "newest": ("-created_at", "-id"),
    "rating": ("-rating_hundredths", "-id"),
    "price": ("hourly_rate_amount", "id"),
    "-price": ("-hourly_rate_amount", "-id"),
    "name": ("name", "id"),
}
DEFAULT_ORDER = "newest"

# Dates beyond these have no midnight that could be said in every zone.
SAYABLE = [MinValueValidator(date(1900, 1, 1)), MaxValueValidator(date(2999, 12, 31))]


def by(query: str) -> Callable[[ChefQuerySet, str, Any], ChefQuerySet]:
    """Return a filter that hands its value to the named query."""
    return lambda rows, _name, value: getattr(rows, query)(value)


@extend_schema_field({"type": "integer", "minimum": 0})
class WholeNumberFilter(Filter):
    """A whole number that is not negative."""

    field_class = forms.IntegerField

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **{"min_value": 0} | options)


class ChefFilters(FilterSet):
    """Query parameters of the list of chefs. The last one asks the calendars of those left."""

    class Meta:
        form = QueryForm

    cuisine = CharFilter(method=by("of_cuisine"), label=_("The whole name, in any case."))
    location = CharFilter(method=by("in_place"), label=_("Words of the place."))
    q = CharFilter(
        method=by("matching"),
        max_length=200,
        label=_("Words of the name, cuisine, place or description; all must be there."),
    )
    currency = ChoiceFilter(
        choices=[(code, code) for code in EXPONENTS],
        method="in_currency",
        label=_("Chefs whose prices are in it; with min_price or max_price KRW by default."),
    )
    min_price = WholeNumberFilter(
        method="priced_from", label=_("Least price of an hour, in minor units.")
    )
    max_price = WholeNumberFilter(
        method="priced_to", label=_("Highest price of an hour, in minor units.")
    )
    min_rating = NumberFilter(
        method="rated_from", min_value=0, max_value=5, label=_("Least average rating, such as 4.5.")
    )
    guests = WholeNumberFilter(method=by("for_guests"), label=_("How many eat."))
    dietary = MultipleChoiceFilter(
        choices=[(tag, tag) for tag in DIETARY],
        method=by("suiting"),
        label=_("Chefs with a menu that suits it; said more than once, with one that suits all."),
    )
    sort = ChoiceFilter(
        choices=[(name, name) for name in CHEF_ORDERS],
        method="as_they_are",
        label=_("Order; newest first by default. Prices compare as numbers, so name a currency."),
    )
    available_on = DateFilter(
        method="as_days_go", label=_("A date, in each chef's zone, with a free start.")
    )

    def in_currency(self, chefs: ChefQuerySet, name: str, code: str) -> ChefQuerySet:
        return chefs.priced_between(None, None, currency=code)

    def priced_from(self, chefs: ChefQuerySet, name: str, least: int) -> ChefQuerySet:
        return chefs.priced_between(least, None, currency=self._currency())

    def priced_to(self, chefs: ChefQuerySet, name: str, most: int) -> ChefQuerySet:
        return chefs.priced_between(None, most, currency=self._currency())

    def rated_from(self, chefs: ChefQuerySet, name: str, stars: Decimal) -> ChefQuerySet:
        return chefs.rated_at_least(int((stars * 100).to_integral_value(ROUND_CEILING)))

    def as_they_are(self, chefs: ChefQuerySet, name: str, order: str) -> ChefQuerySet:
        return chefs  # the pages' cursor puts them in order

    def as_days_go(self, chefs: ChefQuerySet, name: str, on: date) -> ChefQuerySet:
        return chefs  # calendars are asked last, see below

    def filter_queryset(self, chefs: ChefQuerySet) -> Any:
        """Return the chefs; with a date, whoever slices them finds those who are free."""
        chefs = super().filter_queryset(chefs)
        on = self.form.cleaned_data["available_on"]
        return FreeOn(chefs, on, now=clock.now()) if on else chefs

    def _currency(self) -> str:
        return self.form.cleaned_data["currency"] or DEFAULT_CURRENCY


class BookingFilters(FilterSet):
    """Query parameters of the list of bookings. Dates are those of the caller's own zone."""

    class Meta:
        form = QueryForm

    status = ChoiceFilter(choices=Booking.Status.choices, label=_("Its state."))
    role = ChoiceFilter(
        choices=[("customer", "customer"), ("owner", "owner")],
        method="in_role",
        label=_("What you are to the booking; either by default."),
    )

    @classmethod
    def get_filters(cls) -> dict[str, Filter]:
        """Add the two whose names are words of Python."""
        return super().get_filters() | {
            "from": DateFilter(
                method="from_date", validators=SAYABLE, label=_("First date, in your zone.")
            ),
            "to": DateFilter(
                method="to_date", validators=SAYABLE, label=_("Last date, in your zone.")
            ),
        }

    def in_role(self, bookings: BookingQuerySet, name: str, role: str) -> BookingQuerySet:
        user = self.request.user
        return bookings.of_customer(user) if role == "customer" else bookings.of_owner(user)

    def from_date(self, bookings: BookingQuerySet, name: str, first: date) -> BookingQuerySet:
        return bookings.filter(starts_at__gte=self._midnight(first))

    def to_date(self, bookings: BookingQuerySet, name: str, last: date) -> BookingQuerySet:
        return bookings.filter(starts_at__lt=self._midnight(last + timedelta(days=1)))

    def _midnight(self, day: date) -> datetime:
        return datetime.combine(day, time(), zone(self.request.user.timezone))
