"""What a booking costs: once per visit, per hour, and per guest. The server's word alone."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from bookings.models import Chef
from softfactory.kernel.money import Money


@dataclass(frozen=True, slots=True)
class Price:
    """The parts of a price, in the chef's currency."""

    session: Money
    hours: Money
    guests: Money

    @property
    def total(self) -> Money:
        """All parts together."""
        return self.session + self.hours + self.guests

    @property
    def lines(self) -> list[tuple[str, Money]]:
        """The parts that are not nothing, each with its label."""
        labelled = [
            (_("Visit"), self.session),
            (_("Hours"), self.hours),
            (_("Guests"), self.guests),
        ]
        return [(label, money) for label, money in labelled if money]


def price_of(*, chef: Chef, hours: int, guests: int) -> Price:
    """Return what `hours` of this chef for `guests` people cost."""
    return Price(
        session=chef.session_rate,
        hours=chef.hourly_rate * hours,
        guests=chef.price_per_guest * guests,
    )
