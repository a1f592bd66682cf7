"""Chefs who have a free start on a date, looked for in their order and only as far as asked."""

from collections.abc import Callable, Iterator
from datetime import date, datetime
from typing import Any, Self

from bookings.models import Chef
from bookings.querysets import ChefQuerySet
from bookings.services.calendar import chefs_free_on

# Of those who work on a day, at least every other one is free on most: so one look mostly does.
TRIED_FOR_ONE = 2
LEAST_TRIED, MOST_TRIED = 20, 2_000


class FreeOn:
    """Those of some chefs who are free on a date, to be sliced like the queryset they are of.

    A slice takes two queries for each batch of chefs that is tried, mostly one.
    """

    def __init__(
        self,
        chefs: ChefQuerySet,
        on: date,
        *,
        now: datetime,
        as_row: Callable[[Chef], Any] = lambda chef: chef,
    ) -> None:
        self._chefs = chefs
        self._on = on
        self._now = now
        self._as_row = as_row

    def filter(self, *conditions: Any) -> Self:
        """Narrow down the chefs."""
        return self._with(self._chefs.filter(*conditions))

    def order_by(self, *columns: str) -> Self:
        """Look for them in another order."""
        return self._with(self._chefs.order_by(*columns))

    def shown(self) -> Self:
        """Each as a dict that has what the API shows of a chef."""
        return self._with(self._chefs, as_row=vars)

    def __getitem__(self, part: slice) -> list[Any]:
        found: list[Chef] = []
        for some in self._batches(part.stop * TRIED_FOR_ONE):
            found += chefs_free_on(some, self._on, now=self._now)
            if len(found) >= part.stop:
                break
        return [self._as_row(chef) for chef in found[part]]

    def _batches(self, size: int) -> Iterator[list[Chef]]:
        chefs, start = self._chefs.open_on(self._on, now=self._now).with_availability(), 0
        size = min(max(size, LEAST_TRIED), MOST_TRIED)
        while some := list(chefs[start : start + size]):
            yield some
            if len(some) < size:
                return
            start, size = start + size, min(size * 4, MOST_TRIED)

    def _with(self, chefs: ChefQuerySet, as_row: Callable[[Chef], Any] | None = None) -> Self:
        return type(self)(chefs, self._on, now=self._now, as_row=as_row or self._as_row)
