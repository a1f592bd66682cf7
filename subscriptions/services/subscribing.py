"""Beginning a subscription: on trial, or with a first period that is paid at once."""

from datetime import datetime, timedelta
from typing import NamedTuple

from django.utils.translation import gettext as _

from softfactory.accounts.models import User
from softfactory.accounts.services.emitting import emit
from softfactory.kernel.db.retry import transactional
from softfactory.kernel.problems import Conflict
from subscriptions.models import Coupon, Invoice, Plan, Subscription
from subscriptions.periods import MONTHS, boundary, whole_second
from subscriptions.pricing import Quote, Term, price_of_period
from subscriptions.services.billing import bill_period
from subscriptions.services.coupons import redeem_coupon, usable_coupon
from subscriptions.services.invoicing import Settlement, charge_invoice, settlement_of
from subscriptions.services.locking import lock_customer, write_subscription
from subscriptions.services.refusals import no_plan
from subscriptions.services.terms import TAX_RATE, words_for

Status = Subscription.Status


class Opening(NamedTuple):
    """What a subscription would begin with: its trial, and the first period that is paid."""

    trial_days: int  # 0 without one: then the period begins, and is charged, at once
    quote: Quote
    settlement: Settlement  # as if it were paid now
    coupon: Coupon | None


def preview_subscribing(*, user: User, plan: Plan, now: datetime, coupon: str = "") -> Opening:
    """Return what `subscribe` would begin with, priced by the same path.

    Raises DomainError for a coupon that can't be used.
    """
    used = None
    if coupon:
        used = usable_coupon(user=user, code=coupon, currency=plan.currency, now=now)
    had = Subscription.objects.filter(user=user, product=plan.product)
    days = 0 if had.exists() else plan.trial_days
    starts_at = whole_second(now) + timedelta(days=days)
    ends_at = boundary(starts_at, user.timezone, MONTHS[plan.interval])
    discount = used.discount if used else None
    term = Term(words_for(plan), plan.price, starts_at, ends_at, discount)
    quote = price_of_period(term, tax_rate=TAX_RATE)
    return Opening(days, quote, settlement_of(user, quote.total), used)


@transactional
def subscribe(*, user: User, plan_id: int, now: datetime, coupon: str = "") -> Subscription:
    """Subscribe the user to a plan. Whoever never had the product begins with the plan's trial.

    Without a trial the first period is charged to the user's card: until that is paid, the
    subscription is `past_due` and allows nothing. Raises NotFound `plan_not_found`, Conflict
    `already_subscribed`, DomainError for a coupon that can't be used, or `card_missing`.
    """
    customer = lock_customer(user.pk)
    plan = Plan.objects.sold().filter(pk=plan_id).first()
    if plan is None:
        raise no_plan()
    before = Subscription.objects.filter(user=customer, product=plan.product)
    if before.standing().exists():
        message = _("You have this product already. Change the plan of your subscription.")
        raise Conflict("already_subscribed", message)
    begin = _begin_at_once if before.exists() or not plan.trial_days else _begin_on_trial
    subscription = begin(customer, plan, whole_second(now))
    if coupon:
        redeem_coupon(subscription=subscription, code=coupon, now=now)
    if subscription.status != Status.TRIALING:
        _bill(subscription, now=now)
    emit("subscription.created", subscription.pk, to=[customer.pk], now=now)
    return Subscription.objects.with_plans().get(pk=subscription.pk)


def _begin_on_trial(user: User, plan: Plan, begins_at: datetime) -> Subscription:
    """The first period that is paid begins when the trial ends, which is the anchor."""
    ends_at = begins_at + timedelta(days=plan.trial_days)
    return Subscription.objects.create(
        user=user,
        product=plan.product,
        plan=plan,
        status=Status.TRIALING,
        timezone=user.timezone,
        anchor_at=ends_at,
        months=0,
        current_period_start=begins_at,
        current_period_end=ends_at,
        trial_ends_at=ends_at,
        currency=plan.currency,
        price_amount=0,
        created_at=begins_at,
    )


def _begin_at_once(user: User, plan: Plan, begins_at: datetime) -> Subscription:
    months = MONTHS[plan.interval]
    return Subscription.objects.create(
        user=user,
        product=plan.product,
        plan=plan,
        status=Status.PAST_DUE,
        timezone=user.timezone,
        anchor_at=begins_at,
        months=months,
        current_period_start=begins_at,
        current_period_end=boundary(begins_at, user.timezone, months),
        currency=plan.currency,
        price_amount=plan.price_amount,
        created_at=begins_at,
    )


def _bill(subscription: Subscription, *, now: datetime) -> None:
    invoice = bill_period(subscription=subscription, kind=Invoice.Kind.OPENING, now=now)
    if invoice.due:
        charge_invoice(invoice=invoice, user=subscription.user, now=now)
    else:
        write_subscription(subscription, status=Status.ACTIVE)
