"""Refunds: at most what was taken, once per key, booked when the gateway has given back."""

import pytest
from django.db import IntegrityError

from softfactory.kernel.money import Money
from softfactory.kernel.problems import Conflict
from softfactory.payments.gateways import gateway_of
from softfactory.payments.gateways.protocol import TimedOut
from softfactory.payments.models import Payment, Refund, SandboxCharge
from softfactory.payments.services import ledger
from softfactory.payments.services.inbox import look_at
from softfactory.payments.services.refunding import (
    request_refund,
    settle_due_refunds,
    settle_refund,
)
from softfactory.payments.services.settling import settle_payment
from tests.payments.conftest import NOW
from tests.payments.test_settling import SECOND


@pytest.fixture
def paid(pay):
    return settle_payment(pay(10_000).pk, now=NOW)


def give_back(payment, amount, key="a"):
    return request_refund(payment=payment, amount=Money(amount), reason="Late", key=key, now=NOW)


def test_a_part_is_given_back(paid, ana):
    settle_refund(give_back(paid, 4_000).pk, now=NOW)

    refund = Refund.objects.get()
    assert (refund.state, refund.due_at) == ("succeeded", None)
    assert ledger.balance("gateway:sandbox", "KRW") == Money(6_000)
    assert ledger.balance(f"customer:{ana.pk}", "KRW") == Money(-6_000)


def test_the_same_key_gives_back_once(paid):
    assert give_back(paid, 4_000) == give_back(paid, 4_000)

    paid.refresh_from_db()
    assert paid.refunded_amount == 4_000


def test_more_than_is_left_is_refused(paid):
    give_back(paid, 6_000, "a")

    with pytest.raises(Conflict, match="Less than that is left"):
        give_back(paid, 4_001, "b")


def test_the_database_refuses_more_than_was_taken(paid):
    with pytest.raises(IntegrityError):
        Payment.objects.filter(pk=paid.pk).update(refunded_amount=10_001)


def test_a_lost_answer_is_asked_for(paid, monkeypatch):
    refund = give_back(paid, 4_000)
    gateway = gateway_of("sandbox")

    def give_and_forget(order, **kwargs):
        type(gateway).refund(gateway, order, **kwargs)
        raise TimedOut

    with monkeypatch.context() as patch:
        patch.setattr(gateway, "refund", give_and_forget, raising=False)
        with pytest.raises(TimedOut):
            settle_refund(refund.pk, now=NOW)
    refund.refresh_from_db()
    assert refund.state == "unknown"

    assert settle_due_refunds(now=NOW + 61 * SECOND, at_once=10) == 1
    refund.refresh_from_db()
    assert refund.state == "succeeded"
    assert list(SandboxCharge.objects.get().refunds.values()) == [4_000]


def test_a_refund_that_fails_leaves_the_amount_to_be_refunded(paid):
    SandboxCharge.objects.update(captured_amount=100)  # the bank disagrees
    settle_refund(give_back(paid, 4_000).pk, now=NOW)

    paid.refresh_from_db()
    assert Refund.objects.get().state == "failed"
    assert paid.refunded_amount == 0
    assert ledger.balance("gateway:sandbox", "KRW") == Money(10_000)


def test_what_the_gateway_gave_back_by_itself_is_written_down(paid):
    SandboxCharge.objects.update(refunds={"dashboard": 2_500})

    look_at(paid, now=NOW)
    settle_payment(paid.pk, now=NOW)

    paid.refresh_from_db()
    assert paid.refunded_amount == 2_500
    assert ledger.balance("gateway:sandbox", "KRW") == Money(7_500)
