"""A subscription's life as plainly as it can be told: by fractions, and months of another library.

Its customer lives in Seoul, where clocks never change, and has a card that always pays.
"""

from collections import Counter
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from fractions import Fraction
from math import ceil, floor

from dateutil.relativedelta import relativedelta

SEOUL = timedelta(hours=9)
TRIAL = timedelta(days=14)


@dataclass(frozen=True)
class Offer:
    """A plan, as the oracle knows it."""

    name: str
    interval: str
    price: int
    rank: int
    has_trial: bool = False
    quota: int = 0  # of what is metered

    @property
    def months(self) -> int:
        return {"month": 1, "year": 12}[self.interval]


@dataclass(frozen=True)
class Deal:
    """A coupon, as the oracle knows it: a percentage or an amount off, for some periods or all."""

    code: str
    percent: int = 0
    amount: int = 0
    periods: int | None = None

    def off(self, price: int) -> int:
        """What it takes: rounded to the nearest unit, a half up."""
        if self.amount:
            return min(self.amount, price)
        return floor(Fraction(price * self.percent, 100) + Fraction(1, 2))


@dataclass
class Stand:
    """Where a subscription stands."""

    offer: Offer
    price: int  # less what the coupon takes
    anchor: datetime
    months: int
    starts_at: datetime
    ends_at: datetime

    def left_at(self, instant: datetime) -> int:
        """What is left of the price: rounded to the nearest unit, a half down."""
        part = Fraction(
            (self.ends_at - instant) // timedelta(seconds=1),
            (self.ends_at - self.starts_at) // timedelta(seconds=1),
        )
        return ceil(self.price * part - Fraction(1, 2))


def after(anchor: datetime, months: int) -> datetime:
    """The instant so many months from the anchor, by Seoul's clocks."""
    return anchor + SEOUL + relativedelta(months=months) - SEOUL


def _month(now: datetime) -> tuple[int, int]:
    there = now + SEOUL
    return there.year, there.month


class Life:
    """What becomes of a customer's subscription to a product, and what it costs them."""

    def __init__(self) -> None:
        self.status = "none"
        self.had_it = False
        self.credit = self.paid = self.billed = self.invoices = 0
        self.used_free: Counter[tuple[int, int]] = Counter()  # by month in Seoul

    def begin(self, offer: Offer, now: datetime, deal: Deal | None = None) -> None:
        self.deal: Deal | None = None
        self.takes_off = False
        self.used = 0
        if deal:
            self.add(deal)
        self.pending: Offer | None = None
        self.is_ending = False
        self.day: tuple[date, datetime, Stand, int] | None = None
        self.is_trial = offer.has_trial and not self.had_it
        if self.is_trial:
            self.stand = Stand(offer, 0, now + TRIAL, 0, now, now + TRIAL)
        else:
            ends_at = after(now, offer.months)
            self._count_period()
            cost = self._cost(offer)
            self.stand = Stand(offer, cost, now, offer.months, now, ends_at)
            self._bill(cost)
        self.status, self.had_it = "trialing" if self.is_trial else "active", True

    def reach(self, now: datetime) -> None:
        while self.status in {"trialing", "active"} and self.stand.ends_at <= now:
            if self.is_ending:
                self.status = "cancelled"
                return
            offer, self.pending = self.pending or self.stand.offer, None
            old = self.stand
            months = old.months + offer.months
            ends_at = after(old.anchor, months)
            self._count_period()
            cost = self._cost(offer)
            self.stand = Stand(offer, cost, old.anchor, months, old.ends_at, ends_at)
            self.status, self.is_trial, self.day, self.used = "active", False, None, 0
            self._bill(cost)

    def add(self, deal: Deal) -> None:
        self.deal, self.periods_left = deal, deal.periods

    def _count_period(self) -> None:
        """A period begins: the coupon takes from it, if it does from so many."""
        if self.deal is None:
            return
        self.takes_off = self.periods_left is None or self.periods_left > 0
        if self.periods_left:
            self.periods_left -= 1

    def _cost(self, offer: Offer) -> int:
        return offer.price - (self.deal.off(offer.price) if self.deal and self.takes_off else 0)

    def quota(self, free: int) -> int:
        """How much of what is metered is allowed."""
        is_running = self.status in {"trialing", "active"}
        return max(free, self.stand.offer.quota) if is_running else free

    def used_at(self, now: datetime) -> int:
        """How much of it is used: of the period, or of what is free in a month."""
        if self.status in {"trialing", "active"}:
            return self.used
        return self.used_free[_month(now)]

    def use(self, now: datetime) -> None:
        if self.status in {"trialing", "active"}:
            self.used += 1
        else:
            self.used_free[_month(now)] += 1

    def change(self, offer: Offer, when: str | None, now: datetime) -> None:
        current = self.stand.offer
        when = when or ("period_end" if offer.rank < current.rank else "now")
        if when == "period_end":
            self.pending = None if offer == current else offer
            return
        self.pending = None
        if offer == current:
            return
        if self.is_trial:
            self.stand = replace(self.stand, offer=offer)
            return
        self._change_now(offer, now)

    def _change_now(self, offer: Offer, now: datetime) -> None:
        today = (now + SEOUL).date()
        if self.day is None or self.day[0] != today:
            self.day = (today, now, self.stand, 0)
        _date, at, before, total = self.day
        if offer.interval == before.offer.interval:
            self.stand = replace(before, offer=offer, price=self._cost(offer))
            charge = self.stand.left_at(at)
        else:
            cost, ends_at = self._cost(offer), after(at, offer.months)
            self.stand = Stand(offer, cost, at, offer.months, at, ends_at)
            charge = cost
        net = charge - before.left_at(at)
        self.day = (today, at, before, net)
        if net != total:
            self._bill(net - total)

    def pause(self, now: datetime) -> None:
        self.status, self.paused_at, self.day = "paused", now, None

    def resume(self, now: datetime) -> None:
        pause, old = now - self.paused_at, self.stand
        ends_at = old.ends_at + pause
        self.stand = Stand(old.offer, old.price, ends_at, 0, old.starts_at + pause, ends_at)
        self.status = "trialing" if self.is_trial else "active"

    def cancel(self, *, at_once: bool) -> None:
        if at_once or self.status == "paused":
            self.status = "cancelled"
        else:
            self.is_ending, self.pending = True, None

    def _bill(self, total: int) -> None:
        self.invoices += 1
        self.billed += total
        if total < 0:
            self.credit -= total
        else:
            used = min(self.credit, total)
            self.credit -= used
            self.paid += total - used
