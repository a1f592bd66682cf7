"""What a subscription is priced by: its current period, and the one after it."""

from typing import NamedTuple

from subscriptions.models import Coupon, Plan, Redemption, Subscription
from subscriptions.pricing import Discount, Quote, Term, price_of_period

TAX_RATE = 1_000  # VAT in Korea, in hundredths of a percent; prices include it


class NextPeriod(NamedTuple):
    """The period that comes after the current one, on a plan."""

    plan: Plan
    term: Term
    months: int  # from the anchor to its end

    @property
    def quote(self) -> Quote:
        """What it costs."""
        return price_of_period(self.term, tax_rate=TAX_RATE)


def redemption_of(subscription: Subscription) -> Redemption | None:
    """Return the use of a coupon, if there is one."""
    return getattr(subscription, "redemption", None)


def discount_of(subscription: Subscription) -> Discount | None:
    """Return what takes from the current period's price."""
    redemption = redemption_of(subscription)
    return redemption.coupon.discount if redemption and redemption.is_applied else None


def words_for(plan: Plan) -> str:
    """Return the plan as an invoice calls it."""
    return f"{plan.product.name}, {plan.name}"


def current_term(subscription: Subscription) -> Term:
    """Return what the current period is priced by."""
    return Term(
        words_for(subscription.plan),
        subscription.price,
        subscription.current_period_start,
        subscription.current_period_end,
        discount_of(subscription),
    )


def next_period(
    subscription: Subscription, plan: Plan, *, coupon: Coupon | None = None
) -> NextPeriod:
    """Return the period that follows the current one, on this plan, at its price of today, with
    its coupon, or with one that it does not have yet.
    """
    ends_at, months = subscription.period_after(plan)
    redemption = redemption_of(subscription)
    if redemption and redemption.will_apply():
        coupon = redemption.coupon
    discount = coupon.discount if coupon else None
    starts_at = subscription.current_period_end
    return NextPeriod(plan, Term(words_for(plan), plan.price, starts_at, ends_at, discount), months)


def nothing(currency: str) -> Quote:
    """Return the quote of what costs nothing."""
    return Quote((), currency, TAX_RATE)
