"""The chefs whom the filters of explore leave, in the order asked for."""

import json
from collections.abc import Callable, Mapping
from datetime import datetime
from functools import lru_cache
from typing import Any, NamedTuple

from django.db.models import QuerySet
from django.utils.translation import get_language

from bookings.forms import PRICE_CURRENCY as CURRENCY
from bookings.forms import Choices
from bookings.models import Card, Chef, Menu
from bookings.models.words import stored_word
from bookings.querysets import ChefQuerySet
from bookings.querysets.chefs import RATED
from bookings.services.calendar import next_free
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
    "dietary": lambda chefs, tags: chefs.suiting(tags),
    "min_rating": lambda chefs, hundredths: chefs.rated_at_least(hundredths),
}

CARD = len(Card._fields)
# Of so many of the best rated it is looked up who is free the soonest.
ASKED_FOR_SOONEST = 240
# What follows calendars: nobody knows how many they are before all of them were asked.
SOONEST = "soonest"

_statements = Statements(most=200)


def is_soonest(wanted: Mapping[str, Any]) -> bool:
    """Tell whether those who are free the soonest come first: of one date, all are asked."""
    return wanted.get("sort") == SOONEST and "available_on" not in wanted


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
        if "available_on" in self._wanted:
            return self._free(part)
        return self._soonest(part) if is_soonest(self._wanted) else self._known(part)

    def _free(self, part: slice) -> list[Result]:
        chefs = found(self._wanted).with_choices()
        free = FreeOn(chefs, self._wanted["available_on"], now=self._now)
        return [
            Result(chef.card, None, Choices(tuple(chef.cuisines), tuple(chef.places)))
            for chef in free[part]
        ]

    def _soonest(self, part: slice) -> list[Result]:
        """Those of the best rated who are free at all soon, the soonest first. Two queries."""
        best = found(self._wanted).with_choices().with_availability()[:ASKED_FOR_SOONEST]
        chefs = list(best)
        free = next_free(chefs=chefs, now=self._now)
        soon = [(slot.starts_at, n) for n, chef in enumerate(chefs) if (slot := free[chef.pk])]
        order = [chefs[n] for _at, n in sorted(soon)]
        total = len(order) if len(chefs) < ASKED_FOR_SOONEST else None
        return [
            Result(chef.card, total, Choices(tuple(chef.cuisines), tuple(chef.places)))
            for chef in order[part]
        ]

    def _known(self, part: slice) -> list[Result]:
        key = (get_language(), *self._wanted.items(), part.start, part.stop)
        rows = _statements.rows(key, lambda: _rows(self._wanted)[part])
        if not rows:
            return []
        total, *told = rows[0][CARD:]
        choices = _choices(*told)
        return [Result(Card._make(row[:CARD]), total, choices) for row in rows]


@lru_cache(maxsize=200)  # most who ask are told the same
def _choices(
    cuisines: str, places: str, cooked: str | None, suited: str | None, *rated: int
) -> Choices:
    return Choices(
        tuple(json.loads(cuisines)),
        tuple(json.loads(places)),
        tuple(sorted(json.loads(cooked or "{}").items())),
        tuple(zip(RATED.values(), rated, strict=True)),
        _per_tag(json.loads(suited or "{}")),
    )


def _rows(wanted: Mapping[str, Any]) -> QuerySet:
    columns = (*Card._fields, "total", "cuisines", "places")
    counts = ("cuisine_counts", "diet_counts", *RATED)
    chefs = found(wanted).with_total().with_choices()
    # What a filter would leave instead, with all the others; or, of diets, besides.
    chefs = chefs.with_counts(
        cuisines=_without(wanted, "cuisine"),
        ratings=_without(wanted, "min_rating"),
        diets=_without(wanted, "dietary"),
        suiting=wanted.get("dietary", ()),
    )
    return chefs.values_list(*columns, *counts)


def _per_tag(sets: Mapping[str, int]) -> tuple[tuple[str, int], ...]:
    """How many have each tag, of how many have which set of them."""
    suits = Menu._meta.get_field("dietary")
    have = [(suits.tags_of(int(number)), n) for number, n in sets.items()]
    return tuple((tag, sum(n for tags, n in have if tag in tags)) for tag in suits.tags)


def _without(wanted: Mapping[str, Any], name: str) -> ChefQuerySet:
    return found({other: value for other, value in wanted.items() if other != name})


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
