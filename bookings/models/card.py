"""Card: what a list shows of a chef."""

from typing import NamedTuple

from bookings.models.words import cuisine_name, place_name
from softfactory.kernel.money import Money


class Card(NamedTuple):
    """Columns of a chef, all that a card shows: cards that are equal look the same."""

    pk: int
    name: str
    picture: str
    cuisine: str
    location: str
    timezone: str
    rating_hundredths: int
    review_count: int
    hourly_rate_amount: int
    currency: str

    @property
    def cuisine_name(self) -> str:
        """The cuisine in the active language."""
        return cuisine_name(self.cuisine)

    @property
    def place_name(self) -> str:
        """The place in the active language."""
        return place_name(self.location)

    @property
    def hourly_rate(self) -> Money:
        """What each hour of a booking costs."""
        return Money(self.hourly_rate_amount, self.currency)
