"""What guests say of a chef, kept while nobody writes of that chef."""

from collections.abc import Mapping
from typing import NamedTuple

from django.db import DEFAULT_DB_ALIAS

from bookings.models import Chef, Review
from softfactory.kernel.db import generations
from softfactory.kernel.db.kept import Kept

LATEST = 6


class Opinions(NamedTuple):
    """How many gave how many stars, and the last of what they wrote. Nobody changes either."""

    counts: Mapping[int, int]
    latest: tuple[Review, ...]


_opinions: Kept[int, Opinions] = Kept(most=300)


def opinions_of(chef: Chef) -> Opinions:
    """Return what guests say of this chef. Three queries, unless it is kept."""
    if kept := _opinions.get(chef.pk):
        return kept
    numbers = generations.numbers(f"chefs:{chef.pk}")
    # From where the numbers are, as offers are.
    reviews = Review.objects.using(DEFAULT_DB_ALIAS).filter(chef=chef)
    opinions = Opinions(dict(reviews.counts_by_rating()), tuple(reviews.newest_first()[:LATEST]))
    _opinions.keep(chef.pk, opinions, numbers)
    return opinions
