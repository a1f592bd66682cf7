"""Stopping for a while keeps what is left of the period; stopping for good ends it."""

from datetime import timedelta

import pytest

from softfactory.kernel.problems import Conflict
from subscriptions.services.changing import change_plan
from subscriptions.services.renewing import renew_subscriptions
from subscriptions.services.stopping import cancel, pause, resume
from subscriptions.services.subscribing import subscribe
from tests.subscriptions.conftest import NOW, again

DAY = timedelta(days=1)


def test_a_pause_keeps_what_is_left(begin):
    subscription = begin()
    paused = pause(subscription=subscription, now=NOW + 10 * DAY)
    assert (paused.status, paused.paused_at) == ("paused", NOW + 10 * DAY)
    assert renew_subscriptions(NOW + 100 * DAY) == 0

    resumed = resume(subscription=subscription, now=NOW + 110 * DAY)

    assert (resumed.status, resumed.paused_at) == ("active", None)
    assert resumed.current_period_end == subscription.current_period_end + 100 * DAY
    renew_subscriptions(resumed.current_period_end)
    assert again(subscription).invoices.last().period_start == resumed.current_period_end


def test_a_trial_is_paused_too(ana, plan, card):
    card()
    subscription = subscribe(user=ana, plan_id=plan("Tried").pk, now=NOW)
    pause(subscription=subscription, now=NOW + 4 * DAY)
    resumed = resume(subscription=subscription, now=NOW + 24 * DAY)
    assert resumed.status == "trialing"
    assert resumed.trial_ends_at == resumed.current_period_end == NOW + 34 * DAY


def test_what_is_being_paid_is_not_paused(begin, plan):
    subscription = begin("Small")
    change_plan(subscription=subscription, plan_id=plan("Large").pk, now=NOW + DAY)
    with pytest.raises(Conflict, match="on its way"):
        pause(subscription=subscription, now=NOW + DAY)


def test_a_pause_begins_the_day_of_changes_anew(begin, plan):
    subscription = begin("Large")
    small, large = plan("Small").pk, plan("Large").pk
    now = NOW + DAY
    change_plan(subscription=subscription, plan_id=small, when="now", now=now)
    pause(subscription=subscription, now=now)
    resume(subscription=subscription, now=now + timedelta(hours=6))
    changed = change_plan(subscription=subscription, plan_id=large, now=now + timedelta(hours=6))
    assert changed.current_period_end == subscription.current_period_end + timedelta(hours=6)
    totals = changed.invoices.filter(kind="change").values_list("total_amount", flat=True)
    assert sum(totals) == 0


def test_what_is_not_running_is_not_paused(begin):
    subscription = begin()
    pause(subscription=subscription, now=NOW + DAY)
    with pytest.raises(Conflict, match="Paused"):
        pause(subscription=subscription, now=NOW + DAY)
    resume(subscription=subscription, now=NOW + 2 * DAY)
    cancel(subscription=subscription, at_once=False, now=NOW + 2 * DAY)
    with pytest.raises(Conflict, match="Resume it first"):
        pause(subscription=subscription, now=NOW + 3 * DAY)


def test_a_cancellation_is_taken_back(begin):
    subscription = begin()
    assert cancel(subscription=subscription, at_once=False, now=NOW).cancel_at_period_end
    with pytest.raises(Conflict):
        cancel(subscription=subscription, at_once=False, now=NOW)
    assert not resume(subscription=subscription, now=NOW + DAY).cancel_at_period_end
    assert renew_subscriptions(subscription.current_period_end) == 1
    assert again(subscription).status == "active"


def test_nothing_to_resume(begin):
    subscription = begin()
    with pytest.raises(Conflict, match="Active"):
        resume(subscription=subscription, now=NOW)


def test_cancelled_at_once_it_is_over_for_good(begin):
    subscription = begin()
    ended = cancel(subscription=subscription, at_once=True, now=NOW + DAY)
    assert (ended.status, ended.ended_at) == ("cancelled", NOW + DAY)
    for again_ in (
        lambda: resume(subscription=subscription, now=NOW + DAY),
        lambda: cancel(subscription=subscription, at_once=True, now=NOW + DAY),
        lambda: pause(subscription=subscription, now=NOW + DAY),
    ):
        with pytest.raises(Conflict, match="Cancelled"):
            again_()
    assert renew_subscriptions(NOW + 100 * DAY) == 0


def test_a_paused_one_ends_at_once(begin):
    subscription = begin()
    pause(subscription=subscription, now=NOW + DAY)
    ended = cancel(subscription=subscription, at_once=False, now=NOW + 2 * DAY)
    assert (ended.status, ended.paused_at) == ("cancelled", None)
