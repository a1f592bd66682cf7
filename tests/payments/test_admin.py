"""Payments in the admin: seen, refunded with a reason, and not changed."""

import pytest
from django.urls import reverse

from softfactory.payments.models import Payment, Refund
from softfactory.payments.services.settling import settle_payment
from tests.payments.conftest import NOW

LIST = "admin:payments_payment_changelist"


@pytest.fixture
def paid(pay):
    return settle_payment(pay(10_000).pk, now=NOW)


def refund(browser, payment, reason):
    fields = {"action": "refund", "_selected_action": [payment.pk], "reason": reason}
    return browser.post(reverse(LIST), fields, follow=True)


def test_staff_refunds_with_a_reason(browse, dee, paid):
    page = refund(browse(dee), paid, "The oven broke")

    assert "1 refund is on its way" in page.text
    assert (Refund.objects.get().amount, Refund.objects.get().reason) == (10_000, "The oven broke")


def test_a_refund_without_a_reason_is_none(browse, dee, paid):
    assert "Say why" in refund(browse(dee), paid, " ").text
    assert not Refund.objects.exists()


def test_what_is_refunded_is_not_refunded_again(browse, dee, paid):
    refund(browse(dee), paid, "The oven broke")

    assert "Nothing is left" in refund(browse(dee), paid, "Again").text
    assert Refund.objects.count() == 1


@pytest.mark.parametrize("name", ["payment", "refund", "card", "ledgertransaction", "gatewayevent"])
def test_everything_is_there_to_be_seen_and_not_to_be_written(browse, dee, paid, name):
    refund(browse(dee), paid, "The oven broke")
    browser = browse(dee)

    assert browser.get(reverse(f"admin:payments_{name}_changelist")).status_code == 200
    assert browser.get(reverse(f"admin:payments_{name}_add")).status_code == 403


def test_a_payment_is_not_changed_by_hand(browse, dee, paid):
    address = reverse("admin:payments_payment_change", args=[paid.pk])

    assert browse(dee).get(address).status_code == 200
    assert browse(dee).post(address, {"state": "failed"}).status_code == 403
    assert Payment.objects.get().state == "succeeded"
