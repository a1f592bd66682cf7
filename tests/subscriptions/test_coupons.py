"""Coupons: once, for some periods or for all; each so many times for a customer."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from softfactory.kernel.problems import Conflict, DomainError
from subscriptions.models import Redemption
from subscriptions.services.changing import change_plan, preview_change
from subscriptions.services.coupons import add_coupon
from subscriptions.services.renewing import renew_subscriptions
from subscriptions.services.stopping import cancel
from subscriptions.services.subscribing import preview_subscribing, subscribe
from tests.makers import make_coupon
from tests.subscriptions.conftest import NOW, pay_all

DAY = timedelta(days=1)


def totals(subscription):
    rows = subscription.invoices.order_by("period_start", "pk")
    return list(rows.values_list("total_amount", flat=True))


@pytest.mark.parametrize(
    ("coupon", "expected"),
    [
        ({"duration": "once"}, [5_000, 10_000, 10_000, 10_000]),
        ({"duration": "repeating", "periods": 2}, [5_000, 5_000, 10_000, 10_000]),
        ({"duration": "forever"}, [5_000] * 4),
        ({"percent": None, "amount": 900, "currency": "KRW"}, [9_100, 10_000, 10_000, 10_000]),
        ({"percent": 100}, [0, 10_000, 10_000, 10_000]),
    ],
)
def test_it_takes_from_as_many_periods_as_it_says(begin, coupon, expected):
    make_coupon(**coupon)
    subscription = begin("Small", coupon="spring")
    renew_subscriptions(NOW + 100 * DAY)
    assert totals(subscription) == expected


def test_after_a_trial_it_takes_from_the_first_period_that_is_paid(ana, plan, card):
    make_coupon()
    card()
    subscription = subscribe(user=ana, plan_id=plan("Tried").pk, coupon="SPRING", now=NOW)
    renew_subscriptions(NOW + 14 * DAY)
    assert totals(subscription) == [10_000]


def test_a_change_credits_what_was_paid_and_takes_from_the_new_plan_too(begin, plan):
    make_coupon()
    subscription = begin("Small", coupon="SPRING")
    change_plan(subscription=subscription, plan_id=plan("Large").pk, now=NOW + 14 * DAY)
    assert totals(subscription) == [5_000, 5_000]


def test_a_preview_of_the_next_period_knows_whether_it_still_holds(begin, plan):
    make_coupon(duration="repeating", periods=2)
    subscription = begin("Large", coupon="SPRING")
    preview = preview_change(subscription=subscription, plan_id=plan("Small").pk, now=NOW)
    assert preview.quote.total.amount == 5_000


def test_a_free_first_period_needs_no_card(ana, plan):
    make_coupon(percent=100)
    subscription = subscribe(user=ana, plan_id=plan("Small").pk, coupon="SPRING", now=NOW)
    assert subscription.status == "active"
    assert subscription.invoices.get().status == "paid"


@pytest.mark.parametrize(
    ("coupon", "code"),
    [
        (None, "coupon_unknown"),
        ({"expires_at": NOW}, "coupon_unknown"),
        ({"percent": None, "amount": 900, "currency": "USD"}, "coupon_currency"),
        ({"per_customer": 0}, "coupon_used"),
    ],
)
def test_what_can_not_be_used(ana, plan, card, coupon, code):
    card()
    if coupon is not None:
        make_coupon(**coupon)
    with pytest.raises(DomainError) as refused:
        subscribe(user=ana, plan_id=plan("Small").pk, coupon="SPRING", now=NOW)
    assert refused.value.code == code
    assert not ana.subscriptions.exists()


def test_a_customer_uses_it_as_often_as_it_says(ana, begin, plan):
    make_coupon(per_customer=1)
    first = begin("Small", coupon="SPRING")
    cancel(subscription=first, at_once=True, now=NOW)
    with pytest.raises(DomainError, match="already"):
        subscribe(user=ana, plan_id=plan("Small").pk, coupon="SPRING", now=NOW)
    pay_all(now=NOW)


def test_the_database_holds_the_limit_too(begin):
    make_coupon()
    used = begin("Small", coupon="SPRING").redemption
    for ordinal in (1, 2):
        with pytest.raises(IntegrityError), transaction.atomic():
            Redemption.objects.create(
                coupon=used.coupon,
                user=used.user,
                ordinal=ordinal,
                most=1,
                subscription=used.subscription,
            )


@pytest.mark.parametrize(("name", "days"), [("Small", 0), ("Tried", 14)])
def test_a_preview_of_the_beginning_is_what_is_charged(ana, plan, card, name, days):
    make_coupon(percent=33)
    card()
    opening = preview_subscribing(user=ana, plan=plan(name), coupon="spring", now=NOW)
    subscription = subscribe(user=ana, plan_id=plan(name).pk, coupon="spring", now=NOW)
    pay_all(now=NOW)
    renew_subscriptions(NOW + days * DAY)
    assert opening.trial_days == days
    assert totals(subscription) == [opening.quote.total.amount]


def test_added_later_it_takes_from_the_periods_to_come(begin):
    make_coupon(duration="repeating", periods=2)
    subscription = begin("Small")
    add_coupon(subscription=subscription, code="spring", now=NOW + DAY)
    renew_subscriptions(NOW + 100 * DAY)
    assert totals(subscription) == [10_000, 5_000, 5_000, 10_000]


def test_a_subscription_has_one_coupon_and_none_once_it_ends(begin):
    make_coupon()
    make_coupon("SUMMER")
    subscription = begin("Small", coupon="SPRING")
    with pytest.raises(Conflict) as refused:
        add_coupon(subscription=subscription, code="SUMMER", now=NOW)
    assert refused.value.code == "coupon_there"
    cancel(subscription=subscription, at_once=False, now=NOW)
    with pytest.raises(Conflict) as refused:
        add_coupon(subscription=subscription, code="SUMMER", now=NOW)
    assert refused.value.code == "wrong_state"
