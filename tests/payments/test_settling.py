"""Payments by the sandbox: charged, held, captured, voided; and what becomes of lost answers."""

from datetime import timedelta

import pytest

from softfactory.kernel.money import Money
from softfactory.kernel.problems import Conflict, DomainError
from softfactory.payments.gateways import gateway_of
from softfactory.payments.gateways.protocol import TimedOut, Unavailable
from softfactory.payments.models import Payment, Refund, SandboxCharge, Subject
from softfactory.payments.services import ledger
from softfactory.payments.services.challenges import answer
from softfactory.payments.services.charging import request_capture, request_payment, request_void
from softfactory.payments.services.inbox import look_at
from softfactory.payments.services.refunding import settle_refund
from softfactory.payments.services.settling import settle_due_payments, settle_payment
from tests.makers import ORDER
from tests.payments.conftest import NOW

SECOND, HOUR = timedelta(seconds=1), timedelta(hours=1)


def balance(account):
    return ledger.balance(account, "KRW").amount


def test_a_charge_succeeds(pay, ana, outcomes):
    payment = settle_payment(pay(9_900).pk, now=NOW)

    assert (payment.state, payment.captured_amount, payment.due_at) == ("succeeded", 9_900, None)
    assert payment.reference.startswith("sandbox_")
    assert outcomes == [(1, "succeeded")]
    assert balance("gateway:sandbox") == 9_900
    assert balance(f"customer:{ana.pk}") == -9_900


@pytest.mark.parametrize(
    ("card", "failure"),
    [("card_declined", "card_declined"), ("card_insufficient", "insufficient_funds")],
)
def test_a_declined_card_moves_nothing(pay, card, failure, outcomes):
    payment = settle_payment(pay(card=card).pk, now=NOW)

    assert (payment.state, payment.failure) == ("failed", failure)
    assert outcomes == [(1, "failed")]
    assert balance("gateway:sandbox") == 0


def test_without_a_card_nothing_is_asked_for(ana):
    with pytest.raises(DomainError, match="Add a card first"):
        request_payment(user=ana, amount=Money(1), subject=Subject(ORDER, 1), attempt=1, now=NOW)


def test_an_attempt_that_is_wished_for_twice_is_one(ana, give_card):
    give_card()
    wish = {"user": ana, "amount": Money(1), "subject": Subject(ORDER, 1), "attempt": 1}

    first, second = (request_payment(**wish, now=NOW) for _ in range(2))

    assert first == second
    assert Payment.objects.count() == 1


def test_what_is_held_is_captured_in_part(pay, ana, outcomes):
    payment = settle_payment(pay(10_000, hold=True).pk, now=NOW)
    assert payment.state == "authorized"
    assert balance("holds:sandbox") == 10_000
    assert balance(f"customer:{ana.pk}") == 0

    request_capture(payment=payment, amount=Money(7_000), now=NOW)
    payment = settle_payment(payment.pk, now=NOW)

    assert (payment.state, payment.captured_amount) == ("succeeded", 7_000)
    assert balance("holds:sandbox") == 0
    assert balance(f"customer:{ana.pk}") == -7_000
    assert outcomes == [(1, "authorized"), (1, "succeeded")]


def test_what_is_held_is_let_go(pay, outcomes):
    payment = settle_payment(pay(hold=True).pk, now=NOW)

    request_void(payment=payment, now=NOW)
    payment = settle_payment(payment.pk, now=NOW)

    assert payment.state == "voided"
    assert balance("holds:sandbox") == balance("gateway:sandbox") == 0
    assert outcomes == [(1, "authorized"), (1, "voided")]


def test_what_is_let_go_can_not_be_captured(pay):
    payment = settle_payment(pay(hold=True).pk, now=NOW)
    request_void(payment=payment, now=NOW)

    with pytest.raises(Conflict, match="Nothing is held"):
        request_capture(payment=payment, now=NOW)


def test_what_was_never_sent_is_let_go_without_the_gateway(pay):
    payment = pay()
    request_void(payment=payment, now=NOW)

    assert settle_payment(payment.pk, now=NOW).state == "voided"
    assert not SandboxCharge.objects.exists()


def test_a_lost_answer_is_asked_for_and_nothing_is_charged_again(pay, ana, outcomes):
    payment = pay(5_000, card="card_slow")

    settle_payment(payment.pk, now=NOW)
    payment.refresh_from_db()
    assert payment.state == "unknown"
    assert outcomes == []
    assert balance("gateway:sandbox") == 0

    assert settle_due_payments(now=NOW + 6 * SECOND, at_once=10) == 1

    payment.refresh_from_db()
    assert payment.state == "succeeded"
    assert SandboxCharge.objects.count() == 1
    assert balance(f"customer:{ana.pk}") == -5_000
    assert outcomes == [(1, "succeeded")]


def test_who_was_killed_before_the_answer_leaves_it_to_be_asked_for(pay, monkeypatch):
    payment = pay()
    gateway = gateway_of("sandbox")

    class Killed(BaseException):
        pass

    def charge_and_die(order):
        type(gateway).charge(gateway, order)
        raise Killed

    with monkeypatch.context() as patch:
        patch.setattr(gateway, "charge", charge_and_die, raising=False)
        with pytest.raises(Killed):
            settle_payment(payment.pk, now=NOW)

    assert settle_due_payments(now=NOW + 59 * SECOND, at_once=10) == 0  # its lease stands
    assert settle_due_payments(now=NOW + 61 * SECOND, at_once=10) == 1
    payment.refresh_from_db()
    assert payment.state == "succeeded"
    assert SandboxCharge.objects.count() == 1


def test_what_never_arrived_is_sent_again_once_nothing_can_be_on_its_way(pay, monkeypatch):
    payment = pay()
    gateway = gateway_of("sandbox")

    def lose(order):
        raise TimedOut

    with monkeypatch.context() as patch:
        patch.setattr(gateway, "charge", lose, raising=False)
        settle_payment(payment.pk, now=NOW)

    settle_due_payments(now=NOW + timedelta(minutes=9), at_once=10)
    payment.refresh_from_db()
    assert payment.state == "unknown"
    assert not SandboxCharge.objects.exists()

    assert settle_due_payments(now=NOW + timedelta(minutes=20), at_once=10) == 1
    payment.refresh_from_db()
    assert payment.state == "succeeded"


def test_a_gateway_that_is_away_is_tried_later(pay, monkeypatch):
    payment = pay()

    def away(order):
        raise Unavailable

    with monkeypatch.context() as patch:
        patch.setattr(gateway_of("sandbox"), "charge", away, raising=False)
        settle_payment(payment.pk, now=NOW)
    payment.refresh_from_db()
    assert (payment.state, payment.sent_at) == ("created", None)

    assert settle_due_payments(now=NOW + 6 * SECOND, at_once=10) == 1


def test_an_answer_that_comes_too_late_is_not_recorded(pay, monkeypatch):
    payment = pay()
    gateway = gateway_of("sandbox")

    def charge_slowly(order):
        Payment.objects.filter(pk=payment.pk).update(tries=7)  # somebody else is at it
        return type(gateway).charge(gateway, order)

    monkeypatch.setattr(gateway, "charge", charge_slowly, raising=False)

    assert settle_payment(payment.pk, now=NOW).state == "sending"
    assert balance("gateway:sandbox") == 0


def test_a_bank_that_asks_is_answered(pay, outcomes):
    payment = settle_payment(pay(card="card_authenticate").pk, now=NOW)
    assert payment.state == "requires_action"
    assert payment.action["url"].startswith("/payments/sandbox/")

    assert answer(payment=payment, is_allowed=True, now=NOW + SECOND).state == "succeeded"
    assert outcomes == [(1, "succeeded")]


def test_a_bank_that_is_told_no_fails_the_payment(pay):
    payment = settle_payment(pay(card="card_authenticate").pk, now=NOW)

    refused = answer(payment=payment, is_allowed=False, now=NOW + SECOND)

    assert (refused.state, refused.failure) == ("failed", "authentication_failed")


def test_a_bank_that_waits_for_ever_is_not_waited_for(pay, outcomes):
    payment = settle_payment(pay(card="card_authenticate").pk, now=NOW)

    settle_due_payments(now=NOW + 24 * HOUR, at_once=10)
    settle_due_payments(now=NOW + 25 * HOUR, at_once=10)

    payment.refresh_from_db()
    assert payment.state == "voided"
    assert outcomes == [(1, "voided")]


def test_what_goes_through_although_it_was_let_go_is_given_back(pay, ana):
    payment = pay(3_000, card="card_slow")
    settle_payment(payment.pk, now=NOW)
    request_void(payment=payment, now=NOW + SECOND)

    settle_due_payments(now=NOW + SECOND, at_once=10)
    settle_refund(Refund.objects.get().pk, now=NOW + SECOND)

    payment.refresh_from_db()
    assert (payment.state, payment.refunded_amount) == ("succeeded", 3_000)
    assert balance(f"customer:{ana.pk}") == 0


def test_a_wish_during_a_call_is_not_forgotten(pay, monkeypatch):
    payment = pay(hold=True)
    gateway = gateway_of("sandbox")

    def hold_meanwhile(order):
        request_void(payment=payment, now=NOW)
        return type(gateway).authorize(gateway, order)

    with monkeypatch.context() as patch:
        patch.setattr(gateway, "authorize", hold_meanwhile, raising=False)
        assert settle_payment(payment.pk, now=NOW).state == "authorized"

    assert settle_due_payments(now=NOW, at_once=10) == 1
    payment.refresh_from_db()
    assert payment.state == "voided"
    assert balance("holds:sandbox") == 0


def test_a_look_that_was_killed_and_then_not_answered_changes_nothing(pay, monkeypatch):
    payment = settle_payment(pay().pk, now=NOW)
    Payment.objects.filter(pk=payment.pk).update(sent_at=NOW, due_at=NOW)

    def lose(order):
        raise TimedOut

    monkeypatch.setattr(gateway_of("sandbox"), "find", lose, raising=False)

    assert settle_payment(payment.pk, now=NOW).state == "succeeded"


@pytest.mark.parametrize("error", [TimedOut, Unavailable])
def test_a_look_that_is_not_answered_changes_nothing(pay, monkeypatch, error, outcomes):
    payment = settle_payment(pay().pk, now=NOW)
    look_at(payment, now=NOW)

    def lose(order):
        raise error

    with monkeypatch.context() as patch:
        patch.setattr(gateway_of("sandbox"), "find", lose, raising=False)
        looked = settle_payment(payment.pk, now=NOW)
    assert (looked.state, looked.sent_at) == ("succeeded", None)
    assert looked.due_at > NOW

    assert settle_due_payments(now=NOW + HOUR, at_once=10) == 1
    assert outcomes == [(1, "succeeded")]


def test_a_look_at_what_is_at_rest_changes_nothing(pay, outcomes):
    payment = settle_payment(pay().pk, now=NOW)

    look_at(payment, now=NOW)
    payment = settle_payment(payment.pk, now=NOW)

    assert (payment.state, payment.captured_amount) == ("succeeded", 9_900)
    assert outcomes == [(1, "succeeded")]
