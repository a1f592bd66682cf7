"""The clock: each period is billed once, also when many were missed or the clock goes back."""

from datetime import timedelta

from subscriptions.models import Invoice
from subscriptions.services import renewing
from subscriptions.services.changing import change_plan
from subscriptions.services.renewing import renew_subscription, renew_subscriptions
from subscriptions.services.stopping import cancel
from subscriptions.services.subscribing import subscribe
from tests.subscriptions.conftest import NOW, again, pay_all

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def starts(subscription):
    rows = subscription.invoices.order_by("period_start")
    return [f"{invoice.period_start + 9 * HOUR:%m-%d}" for invoice in rows]  # in Seoul


def test_a_period_that_is_over_is_followed_by_the_next(begin):
    subscription = begin()
    end = subscription.current_period_end

    assert renew_subscriptions(end - timedelta(seconds=1)) == 0
    assert renew_subscriptions(end) == 1
    pay_all(now=end)

    subscription = again(subscription)
    assert (subscription.status, subscription.current_period_start) == ("active", end)
    assert set(subscription.invoices.values_list("status", flat=True)) == {"paid"}


def test_missed_periods_are_caught_up_in_one_run_from_the_anchors_day(begin):
    subscription = begin()

    assert renew_subscriptions(NOW + 149 * DAY) == 4

    assert starts(subscription) == ["01-31", "02-28", "03-31", "04-30", "05-31"]


def test_a_clock_that_goes_back_bills_nothing_twice(begin):
    subscription = begin()
    end = subscription.current_period_end
    renew_subscriptions(end)

    for now in (end - HOUR, end, end + HOUR):
        assert renew_subscriptions(now) == 0

    assert Invoice.objects.count() == 2


def test_a_clock_that_read_it_before_finds_nothing_to_do(begin):
    read_before = begin()
    end = read_before.current_period_end
    assert renew_subscription(subscription=read_before, now=end)
    assert not renew_subscription(subscription=read_before, now=end)
    assert Invoice.objects.count() == 2


def test_one_that_fails_keeps_none_of_the_others_from_its_turn(
    begin, monkeypatch, caplog, cho, card, plan
):

    first = begin()
    card(user=cho)
    second = subscribe(user=cho, plan_id=plan("Small").pk, now=NOW)
    real = renewing.bill_period

    def fail_for_the_first(*, subscription, **rest):
        if subscription.pk == first.pk:
            raise ZeroDivisionError
        return real(subscription=subscription, **rest)

    monkeypatch.setattr(renewing, "bill_period", fail_for_the_first)

    assert renew_subscriptions(first.current_period_end) == 1
    assert again(second).invoices.count() == 2
    assert again(first).current_period_end == first.current_period_end
    assert "could not be renewed" in caplog.text


def test_one_that_is_cancelled_ends_with_its_period(begin):
    subscription = begin()
    cancel(subscription=subscription, at_once=False, now=NOW + DAY)
    renew_subscriptions(NOW + 100 * DAY)
    ended = again(subscription)
    assert (ended.status, ended.ended_at) == ("cancelled", subscription.current_period_end)
    assert ended.invoices.count() == 1


def test_a_plan_for_the_next_period_begins_with_it(begin, plan):
    subscription = begin()
    change_plan(
        subscription=subscription, plan_id=plan("Small", "year").pk, when="period_end", now=NOW
    )
    renew_subscriptions(subscription.current_period_end)

    renewed = again(subscription)

    assert (renewed.plan, renewed.pending_plan) == (plan("Small", "year"), None)
    # A year from 28 February on; the anchor is the 31st still.
    assert f"{renewed.current_period_end + 9 * HOUR:%Y-%m-%d}" == "2028-02-29"
    assert renewed.invoices.last().total_amount == 100_000


def test_an_edit_of_the_price_is_for_the_next_period(begin, plan):
    subscription = begin()
    small = plan("Small")
    small.price_amount = 12_000
    small.save()
    assert again(subscription).price_amount == 10_000
    renew_subscriptions(subscription.current_period_end)
    assert again(subscription).price_amount == 12_000
