"""The one path from plans to amounts, for a preview and for the invoice that comes of it.

Prices include the tax. Time is counted by the second, and a price that is divided is divided by
`Money.split`: what is used and what is left add up to the whole.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import NamedTuple

from softfactory.kernel.money import Money
from subscriptions.periods import seconds

WHOLE = 10_000  # a tax rate is in hundredths of a percent


class LineKind(StrEnum):
    """What one line of an invoice is for."""

    PERIOD = "period"  # a whole period of a plan
    DISCOUNT = "discount"
    UNUSED = "unused"  # what is left of a plan that is given up
    REMAINING = "remaining"  # the rest of a period on another plan
    CREDIT = "credit"  # a part of an invoice that is taken back
    EARLIER = "earlier"  # what changes earlier on the same day came to


class Line(NamedTuple):
    """One line of an invoice: what for, how much, and for which time."""

    kind: LineKind
    amount: Money
    starts_at: datetime
    ends_at: datetime
    subject: str  # the plan or coupon that it speaks of, as people know it


class Quote(NamedTuple):
    """What is charged, or credited if the total is below zero, line by line."""

    lines: Sequence[Line]
    currency: str
    tax_rate: int  # in hundredths of a percent

    @property
    def total(self) -> Money:
        """The sum of the lines, tax included."""
        return sum((line.amount for line in self.lines), Money(0, self.currency))

    @property
    def tax(self) -> Money:
        """The part of the total that is tax."""
        return self.total.split([WHOLE, self.tax_rate])[1]


@dataclass(frozen=True, slots=True)
class Discount:
    """What a coupon takes off each period's price: a percentage, or an amount."""

    code: str
    percent: int = 0
    amount: Money | None = None

    def off(self, price: Money) -> Money:
        """Return what is taken off `price`: never more than all of it."""
        if self.amount is None:
            return price.split([self.percent, 100 - self.percent])[0]
        return min(self.amount, price)


@dataclass(frozen=True, slots=True)
class Term:
    """A plan for a period, and what takes from its price."""

    name: str
    price: Money
    starts_at: datetime
    ends_at: datetime
    discount: Discount | None = None

    @property
    def cost(self) -> Money:
        """What the whole period costs."""
        return self.price - self.discount.off(self.price) if self.discount else self.price

    def left_at(self, instant: datetime) -> Money:
        """Return the part of the cost that is for the time from `instant` on."""
        used = seconds(self.starts_at, instant)
        return self.cost.split([used, seconds(self.starts_at, self.ends_at) - used])[1]


def price_of_period(term: Term, *, tax_rate: int) -> Quote:
    """Return what a period costs: the plan's price, less the coupon's discount."""
    return Quote(tuple(_whole(term)), term.price.currency, tax_rate)


def price_of_change(
    before: Term, after: Term, *, at: datetime, earlier: Money, tax_rate: int
) -> Quote:
    """Return what giving up one term for another at an instant comes to.

    What is left of `before` is credited. Of a period that goes on, the rest is charged; one that
    begins at that instant is charged whole. `earlier` is what changes earlier on the same day came
    to, from the same `before` at the same instant: the day is charged for its net result.
    """
    lines = [Line(LineKind.UNUSED, -before.left_at(at), at, before.ends_at, before.name)]
    if after.starts_at == at:
        lines += _whole(after)
    else:
        lines.append(Line(LineKind.REMAINING, after.left_at(at), at, after.ends_at, after.name))
    if earlier:
        lines.append(Line(LineKind.EARLIER, -earlier, at, after.ends_at, after.name))
    return Quote(tuple(lines), after.price.currency, tax_rate)


def _whole(term: Term) -> list[Line]:
    lines = [Line(LineKind.PERIOD, term.price, term.starts_at, term.ends_at, term.name)]
    if term.discount:
        off = -term.discount.off(term.price)
        code = term.discount.code
        lines.append(Line(LineKind.DISCOUNT, off, term.starts_at, term.ends_at, code))
    return lines
