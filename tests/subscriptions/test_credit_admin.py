"""Staff credits an invoice, with or without the card, and sees whose payment is due."""

import pytest
from django.urls import reverse

from softfactory.payments.models import Refund
from subscriptions.models import Invoice
from subscriptions.services.renewing import renew_subscriptions
from tests.makers import make_user
from tests.subscriptions.conftest import pay_all


@pytest.fixture
def invoice(begin):
    return begin("Small").invoices.get()


def address(invoice):
    return reverse("admin:subscriptions_invoice_credit", args=[invoice.pk])


def wish(**fields):
    return {"amount": "4000", "reason": "The oven broke", "credited": 0, "is_sure": "on"} | fields


def test_staff_finds_the_form_and_credits(browse, dee, invoice):
    browser = browse(dee)
    page = reverse("admin:subscriptions_invoice_change", args=[invoice.pk])
    assert address(invoice) in browser.get(page).text
    assert "10000" in browser.get(address(invoice)).text

    done = browser.post(address(invoice), wish(), follow=True)

    assert "CN-000001 is issued." in done.text
    note = invoice.credit_notes.get()
    assert note.total_amount == -4_000
    assert str(note) in browser.get(page).text
    assert not Refund.objects.exists()


def test_the_card_gets_it_back_if_staff_says_so(browse, dee, invoice):
    browse(dee).post(address(invoice), wish(gives_back="on"))

    assert Refund.objects.get().amount == 4_000


def test_the_form_sent_twice_credits_once(browse, dee, invoice):
    browser = browse(dee)
    browser.post(address(invoice), wish())

    again = browser.post(address(invoice), wish())

    assert again.status_code == 409
    assert "credited meanwhile" in again.text
    assert invoice.credit_notes.count() == 1


@pytest.mark.parametrize(
    "fields",
    [{"is_sure": ""}, {"reason": ""}, {"amount": "0.5"}, {"amount": ""}, {"amount": "10001"}],
    ids=["not sure", "no reason", "half a won", "nothing", "too much"],
)
def test_what_is_not_right_credits_nothing(browse, dee, invoice, fields):
    page = browse(dee).post(address(invoice), wish(**fields))

    assert page.status_code in (200, 422)
    assert not Invoice.objects.filter(series="CN").exists()


def test_whoever_may_not_change_invoices_may_not_credit(browse, ana, invoice):
    helper = make_user(email="helper@example.test", is_staff=True)

    assert browse(helper).post(address(invoice), wish()).status_code == 403
    assert browse(ana).post(address(invoice), wish()).status_code in (302, 403)
    assert not Invoice.objects.filter(series="CN").exists()


def test_staff_sees_whose_payment_is_due(browse, dee, begin, card):
    subscription = begin("Small")
    card("card_declined")
    renew_subscriptions(subscription.current_period_end)
    pay_all(now=subscription.current_period_end)
    browser = browse(dee)

    invoices = reverse("admin:subscriptions_invoice_changelist")
    failed = browser.get(invoices, {"payment": "retried"}).text
    assert "INV-000002" in failed
    assert "INV-000001" not in failed
    assert "INV-000002" not in browser.get(invoices, {"payment": "under_way"}).text
    listed = browser.get(
        reverse("admin:subscriptions_subscription_changelist"), {"status": "past_due"}
    ).text
    assert str(subscription) in listed
    assert "March 1, 2027" in listed  # the next attempt
