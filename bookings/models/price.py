"""Price: the parts that the price of a booking consists of, asked for or stored."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from softfactory.kernel.money import Money


@dataclass(frozen=True, slots=True)
class Price:
    """The parts of a price, in one currency."""

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
