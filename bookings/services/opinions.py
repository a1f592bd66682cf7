"""What guests say of a chef, and what it offers them, kept while nobody writes of that chef."""

import time
from typing import NamedTuple

from django.db import DEFAULT_DB_ALIAS

from bookings.models import Chef, Menu, Review
from softfactory.kernel.db import generations
from softfactory.kernel.db.kept import Kept

LATEST = 6


class Opinions(NamedTuple):
    """The last of what guests wrote, and the menus. Nobody changes either."""

    latest: tuple[Review, ...]
    menus: tuple[Menu, ...]


_opinions: Kept[int, Opinions] = Kept(most=300)


def opinions_of(chef: Chef) -> Opinions:
    """Return the last of what guests say of this chef, and its menus.

    Three queries, unless it is kept.
    """
    kept = _opinions.get(chef.pk)
    if kept is not None:
        return kept
    asked = time.monotonic()
    numbers = generations.numbers(f"chefs:{chef.pk}")
    # From where the numbers are, as offers are.
    reviews = Review.objects.using(DEFAULT_DB_ALIAS).published().filter(chef=chef)
    menus = Menu.objects.using(DEFAULT_DB_ALIAS).offered().of_chef(chef.pk).oldest_first()
    opinions = Opinions(tuple(reviews.newest_first()[:LATEST]), tuple(menus))
    if numbers is not None:
        generations.remember(numbers, asked)
        _opinions.keep(chef.pk, opinions, numbers)
    return opinions
