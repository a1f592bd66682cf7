"""The chefs whom the filters of explore leave, in the order asked for."""

import json
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, NamedTuple

from django.db.models import QuerySet
from django.utils.translation import get_language

from bookings.forms import PRICE_CURRENCY as CURRENCY
from bookings.forms import Choices
from bookings.models import Card, Chef
from bookings.models.words import stored_word
from bookings.querysets import ChefQuerySet
from bookings.services.free_on import FreeOn
from softfactory.kernel.db.statements import Statements

# What each filter leaves; a date asks calendars too.
FILTERS: dict[str, Callable[[ChefQuerySet, Any], ChefQuerySet]] = {
    "q": lambda chefs, text: chefs.matching(stored_word(text)),
    "cuisine": lambda chefs, cuisine: chefs.of_cuisine(cuisine),
    "location": lambda chefs, place: chefs.in_place(stored_word(place)),
    "guests": lambda chefs, guests: chefs.for_guests(guests),
    "min_price": lambda chefs, least: chefs.priced_between(least, None, currency=CURRENCY),
    "max_price": lambda chefs, most: chefs.priced_between(None, most, currency=CURRENCY),
    "min_rating": lambda chefs, hundredths: chefs.rated_at_least(hundredths),
}

CARD = len(Card._fields)

_statements = Statements(most=200)


class Result(NamedTuple):
    """A chef, how many there are in all if that is known, and the choices of the form."""

    card: Card
    total: int | None
    choices: Choices


class Results:
    """What is found, to be sliced. With a date, nobody knows how many they are."""

    def __init__(self, wanted: Mapping[str, Any], *, now: datetime) -> None:
        self._wanted = wanted
        self._now = now

    def __getitem__(self, part: slice) -> list[Result]:
        return self._free(part) if "available_on" in self._wanted else self._known(part)

    def _free(self, part: slice) -> list[Result]:
        chefs = found(self._wanted).with_choices()
        free = FreeOn(chefs, self._wanted["available_on"], now=self._now)
        return [
            Result(chef.card, None, Choices(tuple(chef.cuisines), tuple(chef.places)))
            for chef in free[part]
        ]

    def _known(self, part: slice) -> list[Result]:
        key = (get_language(), *self._wanted.items(), part.start, part.stop)
        rows = _statements.rows(key, lambda: _rows(found(self._wanted))[part])
        if not rows:
            return []
        *_card, total, cuisines, places = rows[0]
        choices = Choices(tuple(json.loads(cuisines)), tuple(json.loads(places)))
        return [Result(Card._make(row[:CARD]), total, choices) for row in rows]


def _rows(chefs: ChefQuerySet) -> QuerySet:
    columns = (*Card._fields, "total", "cuisines", "places")
    return chefs.with_total().with_choices().values_list(*columns)


def found(wanted: Mapping[str, Any]) -> ChefQuerySet:
    """Return the chefs that these filters leave, in the order asked for, whatever the date."""
    chefs = Chef.objects.active()
    for name, narrow in FILTERS.items():
        if name in wanted:
            chefs = narrow(chefs, wanted[name])
    return sorted_by(chefs, wanted.get("sort", ""))


def sorted_by(chefs: ChefQuerySet, sort: str) -> ChefQuerySet:
    """Return the chefs in one of the orders that the form offers; the best rated first."""
    if sort == "newest":
        return chefs.newest_first()
    if sort in {"price", "-price"}:
        return chefs.by_hourly_rate(currency=CURRENCY, falling=sort == "-price")
    return chefs.best_first()
