"""Beginning a subscription: a trial, or a first period that is paid at once."""

from datetime import timedelta

import pytest

from softfactory.kernel.problems import Conflict, DomainError, NotFound
from softfactory.payments.services import ledger
from subscriptions.models import Invoice, Subscription
from subscriptions.services.renewing import renew_subscriptions
from subscriptions.services.stopping import cancel
from subscriptions.services.subscribing import subscribe
from tests.subscriptions.conftest import NOW, again, pay_all


def balance(account):
    return ledger.balance(account, "KRW").amount


def test_a_first_period_is_charged_at_once(ana, plan, card):
    card()
    subscription = subscribe(user=ana, plan_id=plan("Small").pk, now=NOW)
    assert subscription.status == "past_due"

    pay_all(now=NOW)

    subscription = again(subscription)
    invoice = subscription.invoices.get()
    assert subscription.status == "active"
    assert (invoice.status, invoice.total_amount, invoice.tax_amount) == ("paid", 10_000, 909)
    assert str(invoice) == "INV-000001"
    assert invoice.lines.get().description == "CooCook, Small, Jan. 31, 2027 to Feb. 28, 2027"
    assert balance(f"customer:{ana.pk}") == 0
    assert (balance("revenue:subscriptions"), balance("tax")) == (-9_091, -909)


def test_an_invoice_speaks_the_customers_language(ana, begin):
    ana.language = "ko"
    ana.save()
    assert begin().invoices.get().lines.get().description.startswith("CooCook, Small, 2027년")


def test_a_declined_first_payment_ends_it_and_takes_the_invoice_back(ana, plan, card):
    card("card_declined")
    subscription = subscribe(user=ana, plan_id=plan("Small").pk, now=NOW)

    pay_all(now=NOW)

    assert again(subscription).status == "cancelled"
    assert subscription.invoices.get().status == "void"
    assert balance(f"customer:{ana.pk}") == balance("revenue:subscriptions") == 0


def test_without_a_card_nothing_begins(ana, plan):
    with pytest.raises(DomainError, match="Add a card first"):
        subscribe(user=ana, plan_id=plan("Small").pk, now=NOW)
    assert not Subscription.objects.exists()
    assert not Invoice.objects.exists()


def test_a_trial_costs_nothing_and_is_billed_when_it_ends(ana, plan, card):
    subscription = subscribe(user=ana, plan_id=plan("Tried").pk, now=NOW)
    ends_at = NOW + timedelta(days=14)
    assert (subscription.status, subscription.trial_ends_at) == ("trialing", ends_at)
    assert not subscription.invoices.exists()

    card()
    renew_subscriptions(ends_at)
    assert again(subscription).status == "past_due"
    pay_all(now=ends_at)

    subscription = again(subscription)
    assert subscription.status == "active"
    assert subscription.current_period_start == ends_at
    assert subscription.invoices.get().total_amount == 20_000


def test_a_product_is_tried_once(ana, plan, card):
    card()
    first = subscribe(user=ana, plan_id=plan("Tried").pk, now=NOW)
    cancel(subscription=first, at_once=True, now=NOW)

    second = subscribe(user=ana, plan_id=plan("Tried").pk, now=NOW + timedelta(days=1))

    assert second.trial_ends_at is None
    assert second.invoices.get().total_amount == 20_000


def test_a_product_is_had_once_at_a_time(ana, plan, begin):
    begin()
    with pytest.raises(Conflict, match="already"):
        subscribe(user=ana, plan_id=plan("Large").pk, now=NOW)


def test_what_is_not_sold_can_not_be_had(ana, product, plan):
    product.is_active = False
    product.save()
    with pytest.raises(NotFound):
        subscribe(user=ana, plan_id=plan("Small").pk, now=NOW)
    with pytest.raises(NotFound):
        subscribe(user=ana, plan_id=999_999, now=NOW)
