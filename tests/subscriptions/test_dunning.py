"""An invoice that is not paid: tried again on a schedule, paid by a new card, or given up."""

from datetime import timedelta

import pytest
from django.core import mail

from softfactory.kernel.problems import Conflict
from softfactory.payments.models import Payment
from softfactory.payments.services import ledger
from softfactory.payments.services.cards import add_card
from subscriptions.models import Invoice
from subscriptions.services.dunning import on_payment_settled, pay_invoice, retry_payments
from subscriptions.services.renewing import renew_subscriptions
from subscriptions.services.stopping import cancel
from subscriptions.services.subscribing import subscribe
from subscriptions.tasks import tell_of_failed_payment, tell_of_given_up
from tests.subscriptions.conftest import NOW, again, pay_all

DAY = timedelta(days=1)


@pytest.fixture
def unpaid(begin, card):
    """Ana's subscription, whose second period her card did not pay; and when that was."""
    subscription = begin("Small")
    card("card_declined")
    end = subscription.current_period_end
    renew_subscriptions(end)
    pay_all(now=end)
    return again(subscription), end


def test_it_is_past_due_with_a_week_of_grace(unpaid):
    subscription, since = unpaid
    assert (subscription.status, subscription.grace_ends_at) == ("past_due", since + 7 * DAY)
    assert subscription.invoices.owed().get().retry_at == since + DAY


def test_it_is_tried_again_on_a_schedule_then_given_up(ana, unpaid):
    subscription, since = unpaid
    tried = []
    for day in range(1, 20):
        if retry_payments(since + day * DAY):
            tried.append(day)
        pay_all(now=since + day * DAY)

    assert tried == [1, 3, 7, 14]
    ended = again(subscription)
    assert (ended.status, ended.ended_at) == ("cancelled", since + 14 * DAY)
    assert ended.invoices.last().status == "uncollectible"
    assert ledger.balance(f"customer:{ana.pk}", "KRW").amount == 0
    assert ledger.balance("losses:subscriptions", "KRW").amount == 10_000


def test_a_new_card_pays_at_once(unpaid, card):
    subscription, since = unpaid
    card("card_ok")
    pay_invoice(invoice=subscription.invoices.owed().get(), now=since + DAY / 2)
    pay_all(now=since + DAY / 2)
    paid = again(subscription)
    assert (paid.status, paid.grace_ends_at) == ("active", None)
    assert retry_payments(since + DAY) == 0


def test_a_card_that_is_added_is_asked_by_the_clock(ana, unpaid):
    subscription, since = unpaid
    at = since + DAY / 2
    assert retry_payments(at) == 0

    add_card(user=ana, token="card_ok", now=at)

    assert retry_payments(at) == 1
    pay_all(now=at)
    assert again(subscription).status == "active"


def test_a_card_that_is_added_is_asked_once(ana, unpaid):
    subscription, since = unpaid
    at = since + DAY / 2
    add_card(user=ana, token="card_declined", now=at)

    assert retry_payments(at + DAY / 24) == 1
    pay_all(now=at + DAY / 24)

    assert retry_payments(at + DAY / 12) == 0
    assert subscription.invoices.owed().get().retry_at == since + DAY


def test_an_attempt_of_ones_own_does_not_use_up_the_schedule(unpaid):
    subscription, since = unpaid
    pay_invoice(invoice=subscription.invoices.owed().get(), now=since + DAY / 2)
    pay_all(now=since + DAY / 2)
    assert subscription.invoices.owed().get().retry_at == since + DAY


def test_nothing_is_paid_twice(unpaid, card):
    subscription, since = unpaid
    card("card_ok")
    invoice = subscription.invoices.owed().get()
    pay_invoice(invoice=invoice, now=since + DAY)
    with pytest.raises(Conflict, match="on its way"):
        pay_invoice(invoice=invoice, now=since + DAY)
    pay_all(now=since + DAY)
    with pytest.raises(Conflict, match="nothing to be paid"):
        pay_invoice(invoice=invoice, now=since + DAY)
    assert Payment.objects.filter(subject_id=invoice.pk, state="succeeded").count() == 1


def test_an_outcome_that_is_heard_twice_counts_once(unpaid, card):
    subscription, since = unpaid
    invoice = subscription.invoices.owed().get()
    failed = Payment.objects.get(subject_id=invoice.pk)
    card("card_ok")
    pay_invoice(invoice=invoice, now=since + DAY)

    on_payment_settled(invoice.pk, failed.pk)  # of the attempt before

    assert Invoice.objects.get(pk=invoice.pk).retry_at is None


def test_without_a_card_a_trial_that_ends_is_unpaid_and_has_no_grace(ana, plan):
    subscription = subscribe(user=ana, plan_id=plan("Tried").pk, now=NOW)
    renew_subscriptions(NOW + 14 * DAY)
    unpaid = again(subscription)
    assert (unpaid.status, unpaid.grace_ends_at) == ("past_due", None)
    assert retry_payments(NOW + 15 * DAY) == 0
    assert unpaid.invoices.get().retry_at == NOW + 17 * DAY


def test_cancelling_what_is_unpaid_takes_the_invoice_back(ana, unpaid):
    subscription, since = unpaid
    cancel(subscription=subscription, at_once=False, now=since + DAY)
    assert again(subscription).status == "cancelled"
    assert subscription.invoices.last().status == "void"
    assert ledger.balance(f"customer:{ana.pk}", "KRW").amount == 0


def test_money_that_comes_late_stays_on_the_account(ana, begin):
    subscription = begin("Small")
    end = subscription.current_period_end
    renew_subscriptions(end)
    invoice = subscription.invoices.owed().get()
    payment = Payment.objects.get(subject_id=invoice.pk)
    Invoice.objects.filter(pk=invoice.pk).update(status="void")
    on_payment_settled(invoice.pk, payment.pk)
    assert Invoice.objects.get(pk=invoice.pk).status == "void"


@pytest.mark.parametrize(
    ("language", "words"),
    [("en", "We could not charge ₩10,000 for CooCook"), ("ko", "CooCook")],
)
def test_the_customer_is_told_in_their_language(ana, unpaid, language, words):
    subscription, _since = unpaid
    ana.language = language
    ana.save()
    invoice = subscription.invoices.owed().get()
    tell_of_failed_payment(invoice.pk)
    tell_of_given_up(invoice.pk)
    failed, given_up = mail.outbox
    assert failed.to == given_up.to == [ana.email]
    assert words in failed.body
    assert str(invoice) in given_up.body
    assert failed.subject.isascii() == (language == "en")


def test_nobody_is_told_of_what_is_paid_by_now(begin):
    subscription = begin("Small")
    tell_of_failed_payment(subscription.invoices.get().pk)
    assert mail.outbox == []
