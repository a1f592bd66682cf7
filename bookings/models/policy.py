"""Policy: what a chef asks to be paid here, and what is kept of it when a customer cancels."""

from datetime import datetime, timedelta
from typing import NamedTuple

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from softfactory.kernel import clock
from softfactory.kernel.money import Money

ALL = 100  # per cent
MOST_TIERS = 6
MOST_DAYS = 365
PLATFORM_FEE_PERCENT = 10


class Tier(NamedTuple):
    """Whoever cancels so many days ahead, or more, pays so much of the price, in per cent."""

    days: int
    kept_percent: int


class Policy(models.Model):
    """A chef's terms. A row is never changed: a booking names the one that was agreed.

    A chef without one takes no payment here.
    """

    class Balance(models.TextChoices):
        BEFORE = "before", pgettext_lazy("balance", "Before the visit")
        AFTER = "after", pgettext_lazy("balance", "After the visit")

    upfront_percent = models.PositiveSmallIntegerField(_("held when booking, per cent"))
    balance = models.CharField(_("the rest is due"), max_length=6, choices=Balance)
    balance_days = models.PositiveSmallIntegerField(_("days before"), default=0)
    tiers = models.JSONField(_("what cancelling costs"), default=list)
    fee_percent = models.PositiveSmallIntegerField(_("fee, per cent"), default=PLATFORM_FEE_PERCENT)
    created_at = models.DateTimeField(default=clock.now, editable=False)

    class Meta:
        verbose_name = _("policy")
        verbose_name_plural = _("policies")
        constraints = [
            models.CheckConstraint(
                condition=Q(upfront_percent__range=(1, ALL), fee_percent__range=(0, ALL)),
                name="bookings_policy_percents_in_range",
            ),
            models.CheckConstraint(
                condition=Q(balance="before", balance_days__range=(0, MOST_DAYS))
                | Q(balance="after", balance_days=0),
                name="bookings_policy_balance_known",
            ),
        ]

    def __str__(self) -> str:
        return f"#{self.pk}"

    @property
    def steps(self) -> list[Tier]:
        """Its tiers, the earliest cancellation first; after the last one all is kept."""
        return [Tier(*row) for row in self.tiers]

    def balance_at(self, starts_at: datetime) -> datetime | None:
        """Return when the rest of a visit's price is asked for; None if that is after it."""
        if self.balance == self.Balance.AFTER or self.upfront_percent == ALL:
            return None
        return starts_at - timedelta(days=self.balance_days)

    def upfront(self, total: Money) -> Money:
        """Return what is held of a price when it is booked, and taken when it is confirmed."""
        return _percent(total, self.upfront_percent)

    def fee(self, earned: Money) -> Money:
        """Return the platform's part of what a chef earned."""
        return _percent(earned, self.fee_percent)

    def kept(self, total: Money, *, ahead: timedelta) -> Money:
        """Return what a customer pays of a price who cancels so long ahead."""
        percent = next((tier.kept_percent for tier in self.steps if _days(tier) <= ahead), ALL)
        return _percent(total, percent)


def _days(tier: Tier) -> timedelta:
    return timedelta(days=tier.days)


def _percent(whole: Money, percent: int) -> Money:
    """A part of an amount; half a unit goes to it."""
    return whole.split([percent, ALL - percent])[0]
