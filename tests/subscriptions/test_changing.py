"""Changing the plan: the preview is what is charged, ranks decide when, a day has one result."""

from datetime import timedelta

import pytest

from softfactory.kernel.problems import Conflict, DomainError, NotFound
from softfactory.payments.services import ledger
from subscriptions.services.changing import change_plan, preview_change
from subscriptions.services.renewing import renew_subscriptions
from subscriptions.services.stopping import cancel
from subscriptions.services.subscribing import subscribe
from tests.makers import make_product
from tests.subscriptions.conftest import NOW, again, pay_all

HALF = timedelta(days=14)  # of a period from 31 January to 28 February


def owed_by(user):
    return ledger.balance(f"customer:{user.pk}", "KRW").amount


def test_a_larger_plan_is_charged_for_the_rest_of_the_period(begin, plan):
    subscription = begin("Small")
    end = subscription.current_period_end

    changed = change_plan(subscription=subscription, plan_id=plan("Large").pk, now=NOW + HALF)

    invoice = changed.invoices.get(kind="change")
    assert (changed.plan.name, changed.current_period_end) == ("Large", end)
    assert invoice.total_amount == 10_000
    assert [line.amount for line in invoice.lines.order_by("position")] == [-5_000, 15_000]
    assert invoice.status == "open"
    pay_all(now=NOW + HALF)
    assert again(subscription).invoices.get(kind="change").status == "paid"


def test_a_smaller_plan_waits_for_the_next_period(begin, plan):
    subscription = begin("Large")
    changed = change_plan(subscription=subscription, plan_id=plan("Small").pk, now=NOW + HALF)
    assert (changed.plan.name, changed.pending_plan.name) == ("Large", "Small")
    renew_subscriptions(subscription.current_period_end)
    assert again(subscription).invoices.last().total_amount == 10_000


def test_rank_decides_and_not_the_interval(begin, plan):
    subscription = begin("Large")
    yearly = plan("Small", "year").pk  # dearer in all, and of lower rank
    assert preview_change(subscription=subscription, plan_id=yearly, now=NOW).when == "period_end"


def test_a_smaller_plan_at_once_is_a_credit_that_the_next_invoice_uses(ana, begin, plan):
    subscription = begin("Large")
    small = plan("Small").pk
    change_plan(subscription=subscription, plan_id=small, when="now", now=NOW + HALF)
    note = subscription.invoices.get(kind="change")
    assert (str(note), note.total_amount, note.status) == ("CN-000001", -10_000, "paid")
    assert owed_by(ana) == -10_000

    renew_subscriptions(subscription.current_period_end)

    renewal = subscription.invoices.get(kind="period")
    assert (renewal.total_amount, renewal.credit_amount, renewal.status) == (10_000, 10_000, "paid")
    assert owed_by(ana) == 0
    assert renewal.attempts == 0


def test_another_interval_begins_a_period_at_once(begin, plan):
    subscription = begin("Small")
    yearly = plan("Small", "year")
    now = NOW + HALF
    changed = change_plan(subscription=subscription, plan_id=yearly.pk, when="now", now=now)
    assert changed.current_period_start == changed.anchor_at == now
    assert f"{changed.current_period_end:%Y-%m-%d}" == "2028-02-14"
    assert changed.invoices.get(kind="change").total_amount == 95_000


def test_there_and_back_on_one_day_costs_nothing_in_all(ana, begin, plan):
    subscription = begin("Small")
    hour = timedelta(hours=1)
    steps = (("Large", "month"), ("Small", "year"), ("Large", "month"), ("Small", "month"))
    for number, (name, interval) in enumerate(steps):
        now = NOW + HALF + number * hour
        wanted = plan(name, interval).pk
        change_plan(subscription=subscription, plan_id=wanted, when="now", now=now)

    there = again(subscription)

    assert sum(there.invoices.filter(kind="change").values_list("total_amount", flat=True)) == 0
    for column in ("plan", "anchor_at", "months", "current_period_start", "current_period_end"):
        assert getattr(there, column) == getattr(subscription, column)


def test_changes_of_two_days_are_priced_each_by_itself(begin, plan):
    subscription = begin("Small")
    change_plan(subscription=subscription, plan_id=plan("Large").pk, now=NOW + HALF)
    later = NOW + HALF + timedelta(days=7)
    change_plan(subscription=subscription, plan_id=plan("Small").pk, when="now", now=later)
    totals = subscription.invoices.filter(kind="change").order_by("issued_at")
    assert [invoice.total_amount for invoice in totals] == [10_000, -5_000]


@pytest.mark.parametrize("when", ["now", "period_end"])
def test_a_preview_is_what_is_charged_also_when_time_has_passed(begin, plan, when):
    subscription = begin("Small")
    wish = {"subscription": subscription, "plan_id": plan("Large").pk, "when": when}
    preview = preview_change(now=NOW + HALF, **wish)
    later = NOW + HALF + timedelta(minutes=14)
    as_of = preview.as_of if when == "now" else None

    change_plan(**wish, as_of=as_of, now=later)
    renew_subscriptions(subscription.current_period_end)

    invoice = subscription.invoices.get(kind="change" if when == "now" else "period")
    assert invoice.total_amount == (10_000 if when == "now" else 30_000)
    if when == "now":
        assert invoice.total == preview.quote.total


def test_an_old_preview_does_not_hold(begin, plan):
    subscription = begin("Small")
    wish = {"subscription": subscription, "plan_id": plan("Large").pk, "now": NOW + HALF}
    for as_of in (NOW + HALF - timedelta(minutes=16), NOW + HALF + timedelta(seconds=1)):
        with pytest.raises(DomainError, match="preview"):
            change_plan(**wish, as_of=as_of)


def test_on_trial_a_change_costs_nothing(ana, plan):
    subscription = subscribe(user=ana, plan_id=plan("Tried").pk, now=NOW)
    wish = {"subscription": subscription, "plan_id": plan("Large").pk, "now": NOW + HALF / 2}
    assert not preview_change(**wish).quote.total
    changed = change_plan(**wish)
    assert (changed.plan.name, changed.status) == ("Large", "trialing")
    assert not changed.invoices.exists()


def test_a_choice_for_the_next_period_can_be_taken_back(begin, plan):
    subscription = begin("Large")
    change_plan(subscription=subscription, plan_id=plan("Small").pk, now=NOW)
    back = change_plan(subscription=subscription, plan_id=plan("Large").pk, now=NOW)
    assert (back.plan.name, back.pending_plan) == ("Large", None)
    assert back.invoices.count() == 1


def test_what_can_not_be_changed_to(begin, plan, product):
    subscription = begin("Small")
    dollars = product.plans.create(
        name="Dollars", interval="month", price_amount=900, currency="USD"
    )
    elsewhere = make_product().plans.first()
    for wanted, error in (
        (plan("Small"), Conflict),
        (dollars, DomainError),
        (elsewhere, NotFound),
    ):
        with pytest.raises(error):
            change_plan(subscription=subscription, plan_id=wanted.pk, now=NOW)


def test_one_that_ends_or_is_unpaid_is_not_changed(begin, plan, ana, card, cho):
    subscription = begin("Small")
    wish = {"plan_id": plan("Large").pk, "now": NOW}
    cancel(subscription=subscription, at_once=False, now=NOW)
    with pytest.raises(Conflict, match="Resume it first"):
        change_plan(subscription=subscription, **wish)
    card(user=cho)
    unpaid = subscribe(user=cho, plan_id=plan("Small").pk, now=NOW)
    with pytest.raises(Conflict, match="Payment is due"):
        change_plan(subscription=unpaid, **wish)


def test_nothing_is_changed_when_a_period_waits_to_be_billed(begin, plan):
    subscription = begin("Small")
    with pytest.raises(Conflict, match="new period"):
        change_plan(
            subscription=subscription,
            plan_id=plan("Large").pk,
            now=subscription.current_period_end,
        )
