"""Lives of subscriptions, as hypothesis makes them up, against an oracle that is plainly right.

Every change is previewed first, and is charged what the preview said. `LIVES=500 LIFE_STEPS=50`
lets it live as many and as long.
"""

import os
import sys
from datetime import timedelta

import pytest
from django.db import transaction
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from softfactory.kernel.problems import Conflict
from softfactory.kernel.registry import invariants
from softfactory.payments.models import Payment
from softfactory.payments.services import ledger
from softfactory.payments.services.cards import add_card
from subscriptions.models import Coupon, Invoice
from subscriptions.services.changing import change_plan, preview_change
from subscriptions.services.coupons import add_coupon
from subscriptions.services.entitlements import allows
from subscriptions.services.renewing import renew_subscriptions
from subscriptions.services.stopping import cancel, pause, resume
from subscriptions.services.subscribing import preview_subscribing, subscribe
from subscriptions.services.usage import record_usage
from tests.makers import make_feature, make_product, make_user
from tests.subscriptions.conftest import NOW, again, pay_all
from tests.subscriptions.life_oracle import Deal, Life, Offer

LIVES, STEPS = int(os.environ.get("LIVES", "12")), int(os.environ.get("LIFE_STEPS", "20"))

OFFERS = (
    Offer("Small", "month", 9_901, 1, quota=3),
    Offer("Large", "month", 30_007, 2, quota=5),
    Offer("Small", "year", 99_013, 1, quota=6),
    Offer("Large", "year", 300_007, 3, quota=8),
    Offer("Tried", "month", 19_997, 1, has_trial=True, quota=4),
)
DEALS = (
    Deal("THIRD", percent=33, periods=3),
    Deal("ONCE", amount=5_000, periods=1),
    Deal("HALF", percent=50),
    Deal("FREE", percent=100, periods=1),
)
FREE = 2  # of what is metered, without a plan
WAITS = st.one_of(
    st.integers(0, 86_400),
    st.integers(0, 40 * 86_400),
    st.integers(0, 400 * 86_400),
)

counts = {"steps": 0, "previews": 0, "differences": 0, "coupons": 0, "uses": 0, "refused": 0}


class Lives(RuleBasedStateMachine):
    """One customer, one product, and whatever may be done."""

    def __init__(self) -> None:
        super().__init__()
        self.transaction = transaction.atomic()
        self.transaction._from_testcase = True  # as TestCase's own: it stands for none at all
        self.transaction.__enter__()
        self.life, self.now = Life(), NOW
        product = make_product(
            plans=[
                {
                    "name": offer.name,
                    "interval": offer.interval,
                    "price_amount": offer.price,
                    "rank": offer.rank,
                    "trial_days": 14 * offer.has_trial,
                }
                for offer in OFFERS
            ]
        )
        self.plans = {
            offer: product.plans.get(name=offer.name, interval=offer.interval) for offer in OFFERS
        }
        quotas = {self.plans[offer]: offer.quota for offer in OFFERS}
        make_feature("sns.posts", free=FREE, plans=quotas)
        for deal in DEALS:
            _make_coupon(deal)
        self.user = make_user()
        add_card(user=self.user, token="card_ok", now=NOW)

    def teardown(self) -> None:
        transaction.set_rollback(True)
        self.transaction.__exit__(None, None, None)

    def is_running(self) -> bool:
        return self.life.status in {"trialing", "active"}

    def goes_on(self) -> bool:
        return self.is_running() and not self.life.is_ending

    @rule(offer=st.sampled_from(OFFERS), deal=st.sampled_from([None, *DEALS]))
    @precondition(lambda self: self.life.status in {"none", "cancelled"})
    def begin(self, offer, deal):
        wish = {"user": self.user, "now": self.now, "coupon": deal.code if deal else ""}
        opening = preview_subscribing(plan=self.plans[offer], **wish)
        self.subscription = subscribe(plan_id=self.plans[offer].pk, **wish)
        self.life.begin(offer, self.now, deal)
        counts["coupons"] += deal is not None
        if not self.life.is_trial:
            issued = Invoice.objects.order_by("pk").last()
            self.compare(opening, issued)

    def compare(self, shown, issued):
        """What was shown is what is charged."""
        counts["previews"] += 1
        charged = (issued.total_amount, issued.due.amount) if issued else (0, 0)
        promised = (shown.quote.total.amount, shown.settlement.due.amount)
        counts["differences"] += charged != promised
        assert charged == promised

    @rule(deal=st.sampled_from(DEALS))
    @precondition(lambda self: self.goes_on() and self.life.deal is None)
    def add_a_coupon(self, deal):
        add_coupon(subscription=self.subscription, code=deal.code, now=self.now)
        self.life.add(deal)
        counts["coupons"] += 1

    @rule(times=st.integers(1, 3))
    def use(self, times):
        for _ in range(times):
            is_left = self.life.used_at(self.now) < self.life.quota(FREE)
            counts["uses" if is_left else "refused"] += 1
            key = f"use-{counts['uses'] + counts['refused']}"
            wish = {"user": self.user, "feature": "sns.posts", "quantity": 1, "key": key}
            if is_left:
                record_usage(now=self.now, **wish)
                record_usage(now=self.now, **wish)
                self.life.use(self.now)
            else:
                with pytest.raises(Conflict):
                    record_usage(now=self.now, **wish)

    @rule(seconds=WAITS)
    def wait(self, seconds):
        self.now += timedelta(seconds=seconds)
        renew_subscriptions(self.now)
        renew_subscriptions(self.now - timedelta(hours=1))
        self.life.reach(self.now)

    @rule(offer=st.sampled_from(OFFERS), when=st.sampled_from([None, "now", "period_end"]))
    @precondition(goes_on)
    def change(self, offer, when):
        if offer == self.life.stand.offer and self.life.pending is None:
            return
        wish = {
            "subscription": self.subscription,
            "plan_id": self.plans[offer].pk,
            "when": when,
            "now": self.now,
        }
        preview = preview_change(**wish)
        last = Invoice.objects.order_by("pk").last()
        change_plan(**wish)
        self.life.change(offer, when, self.now)
        if preview.when == "now":
            issued = Invoice.objects.filter(pk__gt=last.pk if last else 0).last()
            self.compare(preview, issued)

    @rule()
    @precondition(goes_on)
    def pause(self):
        pause(subscription=self.subscription, now=self.now)
        self.life.pause(self.now)

    @rule()
    @precondition(lambda self: self.life.status == "paused")
    def resume(self):
        resume(subscription=self.subscription, now=self.now)
        self.life.resume(self.now)

    @rule()
    @precondition(lambda self: self.is_running() and self.life.is_ending)
    def take_back(self):
        resume(subscription=self.subscription, now=self.now)
        self.life.is_ending = False

    @rule(at_once=st.booleans())
    @precondition(lambda self: self.goes_on() or self.life.status == "paused")
    def cancel(self, at_once):
        cancel(subscription=self.subscription, at_once=at_once, now=self.now)
        self.life.cancel(at_once=at_once)

    @invariant()
    def is_as_the_oracle_says(self):
        counts["steps"] += 1
        pay_all(now=self.now)
        allowed = allows(self.user, "sns.posts", now=self.now)
        assert allowed.limit == self.life.quota(FREE)
        assert allowed.used == self.life.used_at(self.now)
        if self.life.status == "none":
            return
        subscription, stand = again(self.subscription), self.life.stand
        assert subscription.status == self.life.status
        assert subscription.plan == self.plans[stand.offer]
        assert subscription.current_period_start == stand.starts_at
        assert subscription.current_period_end == stand.ends_at
        invoices = Invoice.objects.filter(user=self.user)
        assert len(invoices) == self.life.invoices
        assert sum(invoice.total_amount for invoice in invoices) == self.life.billed
        assert {invoice.status for invoice in invoices} <= {"paid"}
        assert sum(payment.amount for payment in Payment.objects.all()) == self.life.paid
        owed = ledger.balance(ledger.customer(self.user.pk), "KRW").amount
        assert owed == -self.life.credit
        assert [name for name, count in invariants.items() if count()] == []


def _make_coupon(deal):
    duration = "forever" if deal.periods is None else "repeating" if deal.periods > 1 else "once"
    Coupon.objects.create(
        code=deal.code,
        percent=deal.percent or None,
        amount=deal.amount or None,
        currency="KRW" if deal.amount else "",
        duration=duration,
        periods=deal.periods if duration == "repeating" else None,
        per_customer=1_000,
    )


@pytest.mark.django_db
def test_lives_are_as_the_oracle_says(capsys):
    run_state_machine_as_test(
        Lives,
        settings=settings(
            max_examples=LIVES,
            stateful_step_count=STEPS,
            deadline=None,
            derandomize=True,
            database=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
    if "LIVES" in os.environ:
        with capsys.disabled():
            sys.stdout.write(f"\n{counts}\n")
    assert counts["differences"] == 0
    assert counts["previews"] > 0
