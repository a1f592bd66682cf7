"""Payments in the admin: seen, refunded with a reason, and not changed."""

import pytest
from django.urls import reverse

from softfactory.payments.models import GatewayEvent, Payment, Refund
from softfactory.payments.services.settling import settle_payment
from tests.payments.conftest import NOW

LIST = "admin:payments_payment_changelist"
EVENTS = "admin:payments_gatewayevent_changelist"


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


def test_the_balance_of_an_account_is_said(browse, dee, paid):
    listed = browse(dee).get(
        reverse("admin:payments_ledgertransaction_changelist"), {"q": f"customer:{paid.user_id}"}
    )

    assert f"Balance of customer:{paid.user_id}: -₩10,000" in listed.text


@pytest.fixture
def event(paid):
    """An event that came before anybody knew what the gateway calls its payment."""
    return GatewayEvent.objects.create(
        gateway="sandbox", event_id="evt_1", kind="charge.succeeded", reference=paid.reference
    )


def process_again(browser, event):
    fields = {"action": "process_again", "_selected_action": [event.pk]}
    return browser.post(reverse(EVENTS), fields, follow=True)


def test_an_event_whose_payment_was_not_found_is_processed_again(browse, dee, paid, event):
    browser = browse(dee)
    assert event.event_id in browser.get(reverse(EVENTS), {"outcome": "unknown"}).text

    assert "asked about 1 payment" in process_again(browser, event).text

    event.refresh_from_db()
    assert event.payment == paid
    assert Payment.objects.get().due_at is not None
    assert event.event_id not in browser.get(reverse(EVENTS), {"outcome": "unknown"}).text
    assert event.event_id in browser.get(reverse(EVENTS), {"outcome": "waiting"}).text


def test_an_event_about_nobody_is_said_to_be_so(browse, dee, event):
    GatewayEvent.objects.update(reference="pi_of_somebody_else")

    page = process_again(browse(dee), event)

    assert "1 event is about no payment of ours" in page.text
    assert "No payment of ours has this name" in page.text
