"""Changing the plan: what it would charge or credit, and the change itself, by the same path."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NamedTuple

from django.utils.translation import gettext as _

from softfactory.accounts.services.emitting import emit
from softfactory.kernel.db.retry import transactional
from softfactory.kernel.money import Money
from softfactory.kernel.problems import Conflict, DomainError
from softfactory.kernel.zones import zone
from subscriptions.models import DayOfChanges, Invoice, Plan, Subscription
from subscriptions.periods import MONTHS, boundary, whole_second
from subscriptions.pricing import Quote, Term, price_of_change
from subscriptions.services.invoicing import (
    Settlement,
    charge_invoice,
    issue_invoice,
    settlement_of,
)
from subscriptions.services.locking import lock_subscription, write_subscription
from subscriptions.services.refusals import no_plan, wrong_state
from subscriptions.services.stopping import require_going_on
from subscriptions.services.terms import TAX_RATE, discount_of, next_period, nothing, words_for
from subscriptions.services.usage import move_usage

Status = Subscription.Status

NOW, PERIOD_END = "now", "period_end"
PREVIEW_HOLDS = timedelta(minutes=15)


class Preview(NamedTuple):
    """What a change of plan comes to: when it takes effect, and what is charged then."""

    when: str  # NOW or PERIOD_END
    as_of: datetime  # send it with the change, to be charged exactly this
    quote: Quote
    settlement: Settlement
    subscription: Subscription


@dataclass(frozen=True, slots=True)
class Change:
    """A change at once: its price, and the period that the subscription is in afterwards."""

    quote: Quote
    term: Term
    anchor_at: datetime
    months: int
    day: DayOfChanges


def preview_change(
    *,
    subscription: Subscription,
    plan_id: int,
    now: datetime,
    when: str | None = None,
    as_of: datetime | None = None,
) -> Preview:
    """Return what `change_plan` would charge or credit; raises what it would raise."""
    current = Subscription.objects.with_plans().select_related("user").get(pk=subscription.pk)
    plan, when, at = _decide(current, plan_id, when, as_of, now=now)
    if when == PERIOD_END:
        coming = next_period(current, plan)
        quote, at = coming.quote, coming.term.starts_at
    elif current.status == Status.TRIALING:
        quote = nothing(current.currency)
    else:
        quote = _change_at(current, plan, at).quote
    return Preview(when, at, quote, settlement_of(current.user, quote.total), current)


@transactional
def change_plan(
    *,
    subscription: Subscription,
    plan_id: int,
    now: datetime,
    when: str | None = None,
    as_of: datetime | None = None,
) -> Subscription:
    """Change to another plan of the product: at once, or from the next period on.

    Unless `when` says so, a plan of lower rank is for the next period and any other one for now.
    Several changes on one day (of the customer's) are charged their net result, as from the first
    of them. What a change credits is left on the customer's account. `as_of` is a preview's.

    Raises NotFound `plan_not_found`; Conflict if the state forbids it or the plan is the same;
    DomainError `other_currency`, `preview_too_old`, `card_missing`.
    """
    current = lock_subscription(subscription)
    plan, when, at = _decide(current, plan_id, when, as_of, now=now)
    if when == PERIOD_END:
        pending = None if plan == current.plan else plan
        write_subscription(current, pending_plan=pending)
    elif current.status == Status.TRIALING or plan == current.plan:
        write_subscription(current, plan=plan, pending_plan=None)
    else:
        _change_now(current, plan, at, now=now)
    emit("subscription.updated", current.pk, to=[current.user_id], now=now)
    return Subscription.objects.with_plans().get(pk=current.pk)


def _decide(
    subscription: Subscription,
    plan_id: int,
    when: str | None,
    as_of: datetime | None,
    *,
    now: datetime,
) -> tuple[Plan, str, datetime]:
    """Return the plan, when it begins, and the instant that it is priced at."""
    if subscription.status not in (Status.TRIALING, Status.ACTIVE):
        raise wrong_state(subscription)
    require_going_on(subscription)
    plan = Plan.objects.sold().filter(pk=plan_id, product=subscription.product_id).first()
    if plan is None:
        raise no_plan()
    if plan == subscription.plan and subscription.pending_plan is None:
        raise Conflict("same_plan", _("This is the plan that you have."))
    if plan.currency != subscription.currency:
        message = _("This plan is sold in another currency. Cancel, then subscribe to it.")
        raise DomainError("other_currency", message)
    if when is None:
        when = PERIOD_END if plan.rank < subscription.plan.rank else NOW
    return plan, when, _instant(subscription, as_of, now=now)


def _instant(subscription: Subscription, as_of: datetime | None, *, now: datetime) -> datetime:
    if subscription.current_period_end <= now:
        message = _("A new period has begun, and is about to be billed. Try again in a minute.")
        raise Conflict("renewal_under_way", message)
    at = whole_second(as_of or now)
    day = DayOfChanges.objects.filter(subscription=subscription).first()
    earliest = max(
        subscription.current_period_start,
        whole_second(now - PREVIEW_HOLDS),
        *([day.at] if day else []),
    )
    if not earliest <= at <= now:
        message = _("This preview does not hold any more. Ask for another one.")
        raise DomainError("preview_too_old", message)
    return at


def _change_now(subscription: Subscription, plan: Plan, at: datetime, *, now: datetime) -> None:
    change = _change_at(subscription, plan, at)
    if change.term.starts_at != subscription.current_period_start:
        move_usage(subscription=subscription, to=change.term.starts_at)
    write_subscription(
        subscription,
        plan=plan,
        pending_plan=None,
        price_amount=change.term.price.amount,
        anchor_at=change.anchor_at,
        months=change.months,
        current_period_start=change.term.starts_at,
        current_period_end=change.term.ends_at,
    )
    change.day.total_amount += change.quote.total.amount
    change.day.save()
    if not change.quote.total:
        return
    invoice = issue_invoice(
        subscription=subscription,
        kind=Invoice.Kind.CHANGE,
        quote=change.quote,
        starts_at=change.term.starts_at,
        ends_at=change.term.ends_at,
        now=now,
    )
    if invoice.due:
        charge_invoice(invoice=invoice, user=subscription.user, now=now)


def _change_at(subscription: Subscription, plan: Plan, at: datetime) -> Change:
    """Price a change. One of another interval begins a period, with its anchor at that instant."""
    day = _day_of(subscription, at)
    discount = discount_of(subscription)
    price = Money(day.price_amount, subscription.currency)
    before = Term(words_for(day.plan), price, day.period_start, day.period_end, discount)
    new_price = price if plan == day.plan else plan.price
    starts_at, ends_at, anchor_at, months = (
        day.period_start,
        day.period_end,
        day.anchor_at,
        day.months,
    )
    if plan.interval != day.plan.interval:
        starts_at = anchor_at = day.at
        months = MONTHS[plan.interval]
        ends_at = boundary(anchor_at, subscription.timezone, months)
    after = Term(words_for(plan), new_price, starts_at, ends_at, discount)
    earlier = Money(day.total_amount, subscription.currency)
    quote = price_of_change(before, after, at=day.at, earlier=earlier, tax_rate=TAX_RATE)
    return Change(quote, after, anchor_at, months, day)


def _day_of(subscription: Subscription, at: datetime) -> DayOfChanges:
    """Return what the subscription was before the first change of the customer's day."""
    on = at.astimezone(zone(subscription.timezone)).date()
    days = DayOfChanges.objects.select_related("plan__product")
    day = days.filter(subscription=subscription, on=on).first()
    return day or DayOfChanges(
        subscription=subscription,
        on=on,
        at=at,
        plan=subscription.plan,
        price_amount=subscription.price_amount,
        anchor_at=subscription.anchor_at,
        months=subscription.months,
        period_start=subscription.current_period_start,
        period_end=subscription.current_period_end,
        created_at=at,
    )
