"""Credit notes of an invoice: a part of what was paid, on the account or back to the card."""

import pytest
from django.db import IntegrityError, transaction

from softfactory.kernel.money import Money
from softfactory.kernel.problems import DomainError
from softfactory.payments.models import Payment, Refund
from softfactory.payments.services import ledger
from softfactory.payments.services.refunding import settle_refund
from subscriptions import invariants
from subscriptions.models import Invoice
from subscriptions.services.crediting import credit_invoice
from subscriptions.services.invoicing import settlement_of
from subscriptions.services.renewing import renew_subscriptions
from tests.subscriptions.conftest import NOW, pay_all

NOTHING = Money(0)


@pytest.fixture
def invoice(begin):
    return begin("Small").invoices.get()


def credit(invoice, amount=4_000, *, credited=NOTHING, gives_back=False):
    return credit_invoice(
        invoice=invoice,
        amount=Money(amount),
        reason="The oven broke",
        credited=credited,
        now=NOW,
        gives_back=gives_back,
    )


def owed_by(user):
    return ledger.balance(ledger.customer(user.pk), "KRW")


def test_a_part_stays_on_the_account(ana, invoice):
    note = credit(invoice)

    assert (str(note), note.kind, note.corrects) == ("CN-000001", "credit", invoice)
    assert (note.total, note.tax) == (Money(-4_000), Money(-364))
    [line] = note.lines.all()
    assert line.description == "Credit for INV-000001: The oven broke"
    assert owed_by(ana) == Money(-4_000)
    assert settlement_of(ana, Money(10_000)).due == Money(6_000)
    invoice.refresh_from_db()
    assert (invoice.status, invoice.total) == ("paid", Money(10_000))
    for count in (invariants.count_wrong_invoices, invariants.count_unposted_invoices):
        assert count() == 0


def test_a_part_goes_back_to_the_card(ana, invoice):
    credit(invoice, gives_back=True)

    refund = Refund.objects.get()
    assert (refund.amount, refund.reason) == (4_000, "The oven broke")
    # It is on its way, and so does not pay the next invoice.
    assert settlement_of(ana, Money(10_000)).due == Money(10_000)
    settle_refund(refund.pk, now=NOW)
    assert owed_by(ana) == NOTHING
    assert settlement_of(ana, Money(10_000)).due == Money(10_000)


def test_it_is_credited_in_parts_up_to_all_of_it(invoice):
    credit(invoice)
    credit(invoice, 6_000, credited=Money(4_000))

    with pytest.raises(DomainError) as refusal:
        credit(invoice, 1, credited=Money(10_000))
    assert refusal.value.code == "credit_too_large"
    assert [str(note) for note in invoice.credit_notes.order_by("pk")] == ["CN-000001", "CN-000002"]


@pytest.mark.parametrize("amount", [0, -1, 10_001])
def test_what_can_not_be_is_refused(invoice, amount):
    with pytest.raises(DomainError) as refusal:
        credit(invoice, amount)
    assert refusal.value.code == "credit_too_large"


def test_the_same_wish_twice_credits_once(invoice):
    credit(invoice, gives_back=True)

    with pytest.raises(DomainError) as refusal:
        credit(invoice, gives_back=True)
    assert refusal.value.code == "credited_meanwhile"
    assert Refund.objects.count() == Invoice.objects.filter(series="CN").count() == 1


def test_what_is_not_paid_is_not_credited(begin, card):
    subscription = begin("Small")
    card("card_declined")
    renew_subscriptions(subscription.current_period_end)
    pay_all(now=subscription.current_period_end)

    with pytest.raises(DomainError) as refusal:
        credit(subscription.invoices.owed().get())
    assert refusal.value.code == "wrong_state"


def test_a_credit_note_is_not_credited(invoice):
    with pytest.raises(DomainError) as refusal:
        credit(credit(invoice))
    assert refusal.value.code == "wrong_state"


def test_what_the_card_has_back_already_is_refused_as_a_whole(invoice):
    Payment.objects.update(refunded_amount=8_000)

    with pytest.raises(DomainError) as refusal:
        credit(invoice, gives_back=True)
    assert refusal.value.code == "refund_too_large"
    assert not Invoice.objects.filter(series="CN").exists()


def test_what_no_card_paid_is_not_given_back(begin, ana, invoice):
    credit(invoice, 10_000)
    subscription = invoice.subscription
    renew_subscriptions(subscription.current_period_end)
    second = subscription.invoices.get(kind="period")
    assert (second.status, second.credit_amount) == ("paid", 10_000)

    with pytest.raises(DomainError) as refusal:
        credit(second, gives_back=True)
    assert refusal.value.code == "nothing_to_refund"


def test_more_credit_than_there_was_is_counted(invoice, monkeypatch):
    credit(invoice, 10_000)
    assert invariants.count_overcredited_invoices() == 0

    monkeypatch.setattr("subscriptions.services.crediting.credited_of", lambda _invoice: NOTHING)
    credit(invoice, 1)

    assert invariants.count_overcredited_invoices() == 1


def test_what_it_corrects_is_said_for_good(invoice):
    note = credit(invoice)

    with pytest.raises(IntegrityError, match="never changed"), transaction.atomic():
        Invoice.objects.filter(pk=note.pk).update(corrects=None)


def test_the_triggers_survive_the_migrations(db):
    """SQLite makes the table anew for a constraint: whoever adds one makes the triggers too."""
    assert invariants.are_invoices_immutable()
