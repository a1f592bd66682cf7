"""Payments in any order of wishes, failures and lost answers, against a simple oracle.

`PAYMENT_EXAMPLES` lives of forty steps each; many more by, say, `PAYMENT_EXAMPLES=700 pytest …`.
"""

import os
from contextlib import contextmanager
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, precondition, rule, run_state_machine_as_test

from softfactory.accounts.models import User
from softfactory.kernel.money import Money
from softfactory.kernel.problems import DomainError
from softfactory.payments import invariants
from softfactory.payments.gateways import gateway_of
from softfactory.payments.gateways.protocol import TimedOut, Unavailable
from softfactory.payments.gateways.sandbox import CARDS
from softfactory.payments.models import Payment, Refund, SandboxCharge, Subject
from softfactory.payments.services import ledger
from softfactory.payments.services.cards import add_card
from softfactory.payments.services.challenges import answer
from softfactory.payments.services.charging import request_capture, request_payment, request_void
from softfactory.payments.services.inbox import look_at
from softfactory.payments.services.refunding import request_refund, settle_due_refunds
from softfactory.payments.services.settling import settle_due_payments
from tests.makers import ORDER, make_user
from tests.payments.conftest import NOW

EXAMPLES = int(os.environ.get("PAYMENT_EXAMPLES", "6"))
STEPS = 40

amounts = st.integers(min_value=1, max_value=50_000)


@contextmanager
def refused_for(code):
    """What is done inside may be refused, for this reason alone."""
    try:
        yield
    except DomainError as refusal:
        if refusal.code != code:
            raise


class Unreliable:
    """The sandbox behind a line that loses requests and answers as the test says."""

    def __init__(self) -> None:
        self.mood = "well"
        self._gateway = gateway_of("sandbox")

    def __getattr__(self, name):
        call = getattr(self._gateway, name)

        def on_the_line(*args, **kwargs):
            if self.mood == "away":
                raise Unavailable
            if self.mood == "lost":
                raise TimedOut
            result = call(*args, **kwargs)
            if self.mood == "silent":
                raise TimedOut
            return result

        return on_the_line


class Payments(RuleBasedStateMachine):
    """Ana and the bank. The bank's books are the oracle of what became of the money."""

    def __init__(self) -> None:
        super().__init__()
        self.now = NOW
        self.ana: User = make_user()
        self.line = Unreliable()
        self.made = 0
        patch = pytest.MonkeyPatch()
        for module in ("settling", "refunding"):
            patch.setattr(
                f"softfactory.payments.services.{module}.gateway_of", lambda _name: self.line
            )
        self._patch = patch

    def teardown(self) -> None:
        try:
            self._come_to_an_end()
            self._agrees()
        finally:
            self._patch.undo()

    def _payment(self, number):
        return Payment.objects.filter(user=self.ana).order_by("pk")[number % self.made]

    @rule(amount=amounts, card=st.sampled_from(sorted(CARDS)), hold=st.booleans())
    def wish(self, amount, card, hold):
        add_card(user=self.ana, token=card, now=self.now)
        self.made += 1
        request_payment(
            user=self.ana,
            amount=Money(amount),
            subject=Subject(ORDER, self.ana.pk * 1_000 + self.made),
            attempt=1,
            hold=hold,
            now=self.now,
        )

    @precondition(lambda self: self.made)
    @rule(number=st.integers(0, 99), amount=amounts)
    def capture(self, number, amount):
        payment = self._payment(number)
        taken = Money(min(amount, payment.amount))
        with refused_for("nothing_held"):
            request_capture(payment=payment, amount=taken, now=self.now)

    @precondition(lambda self: self.made)
    @rule(number=st.integers(0, 99))
    def void(self, number):
        request_void(payment=self._payment(number), now=self.now)

    @precondition(lambda self: self.made)
    @rule(number=st.integers(0, 99), amount=amounts)
    def refund(self, number, amount):
        payment = self._payment(number)
        key = str(Refund.objects.filter(payment=payment).count())
        with refused_for("refund_too_large"):
            request_refund(payment=payment, amount=Money(amount), reason="", key=key, now=self.now)

    @precondition(lambda self: self.made and self.line.mood == "well")
    @rule(number=st.integers(0, 99), is_allowed=st.booleans())
    def ask_ana(self, number, is_allowed):
        payment = self._payment(number)
        if payment.state == "requires_action":
            answer(payment=payment, is_allowed=is_allowed, now=self.now)

    @precondition(lambda self: self.made)
    @rule(number=st.integers(0, 99))
    def hear_of_it_by_webhook(self, number):
        look_at(self._payment(number), now=self.now)

    @rule(mood=st.sampled_from(["well", "away", "lost", "silent"]))
    def change_the_line(self, mood):
        self.line.mood = mood

    @rule(seconds=st.sampled_from([0, 5, 61, 900, 90_000]))
    def let_the_clock_run(self, seconds):
        self.now += timedelta(seconds=seconds)
        paid = Payment.objects.filter(user=self.ana, state="succeeded")
        before = set(paid.values_list("pk", flat=True))
        settle_due_payments(now=self.now, at_once=50)
        settle_due_refunds(now=self.now, at_once=50)
        assert before <= set(paid.values_list("pk", flat=True))  # what is paid stays paid

    def _come_to_an_end(self) -> None:
        self.line.mood = "well"
        for _ in range(6):
            self.let_the_clock_run(90_000)
        assert not Payment.objects.filter(user=self.ana, due_at__isnull=False).exists()
        assert not Refund.objects.filter(payment__user=self.ana, due_at__isnull=False).exists()

    def _agrees(self) -> None:
        keys = {p.key: p for p in Payment.objects.filter(user=self.ana)}
        books = {row.key: row for row in SandboxCharge.objects.filter(key__in=keys)}
        for key, payment in keys.items():
            row = books.get(key)
            assert payment.captured_amount == (row.captured_amount if row else 0)
            assert payment.refunded_amount == (sum(row.refunds.values()) if row else 0)
            assert payment.state == (row.state if row else "voided")
            if payment.wish == "void":
                assert payment.refunded_amount == payment.captured_amount
        held = sum(row.amount for row in books.values() if row.state == "authorized")
        owned = sum(row.captured_amount - sum(row.refunds.values()) for row in books.values())
        assert ledger.balance(ledger.held(self.ana.pk), "KRW") == Money(-held)
        assert ledger.balance(ledger.customer(self.ana.pk), "KRW") == Money(-owned)
        assert invariants.count_ledger_imbalances() == 0
        assert invariants.count_unbooked_payments() == 0
        assert invariants.count_unbooked_refunds() == 0
        assert invariants.count_wrong_refunds() == 0


@pytest.mark.django_db
def test_payments_and_the_bank_agree_whatever_happens():
    run_state_machine_as_test(
        Payments,
        settings=settings(
            max_examples=EXAMPLES,
            stateful_step_count=STEPS,
            deadline=None,
            derandomize=EXAMPLES == 6,
            suppress_health_check=list(HealthCheck),
        ),
    )
