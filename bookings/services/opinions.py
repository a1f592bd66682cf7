"""What guests say of a chef, kept while nobody writes of that chef."""

from django.db import DEFAULT_DB_ALIAS

from bookings.models import Chef, Review
from softfactory.kernel.db import generations
from softfactory.kernel.db.kept import Kept

LATEST = 6


_opinions: Kept[int, tuple[Review, ...]] = Kept(most=300)


def opinions_of(chef: Chef) -> tuple[Review, ...]:
    """Return the last of what guests say of this chef. Two queries, unless it is kept."""
    kept = _opinions.get(chef.pk)
    if kept is not None:
        return kept
    numbers = generations.numbers(f"chefs:{chef.pk}")
    # From where the numbers are, as offers are.
    reviews = Review.objects.using(DEFAULT_DB_ALIAS).published().filter(chef=chef)
    opinions = tuple(reviews.newest_first()[:LATEST])
    _opinions.keep(chef.pk, opinions, numbers)
    return opinions
