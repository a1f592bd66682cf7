"""The ledger: each event once, always in balance, and nothing in it is ever changed."""

import pytest
from django.db import IntegrityError, connection, transaction

from softfactory.kernel.money import Money
from softfactory.payments import invariants
from softfactory.payments.models import LedgerEntry, LedgerTransaction, Payment
from softfactory.payments.services.ledger import Entry, balance, post
from softfactory.payments.services.settling import settle_payment
from tests.payments.conftest import NOW

SALE = [Entry("customer:1", "revenue:subscriptions", 9_000), Entry("customer:1", "tax", 900)]


def sell(key="invoice:1", entries=SALE, currency="KRW"):
    return post(key=key, kind="invoice", currency=currency, entries=entries, now=NOW)


@pytest.fixture(autouse=True)
def _database(db):
    pass


def test_balances_are_what_was_posted():
    assert sell() is True

    assert balance("customer:1", "KRW") == Money(9_900)
    assert balance("revenue:subscriptions", "KRW") == Money(-9_000)
    assert balance("tax", "KRW") == Money(-900)
    assert balance("nobody", "KRW") == Money(0)
    assert balance("customer:1", "EUR") == Money(0, "EUR")


def test_an_event_is_posted_once():
    sell()

    assert sell() is False
    assert LedgerEntry.objects.count() == 2


def test_an_event_that_moves_nothing_is_refused():
    with pytest.raises(ValueError, match="moves no money"):
        sell(entries=[Entry("a", "b", 0)])


@pytest.mark.parametrize(
    "entry", [Entry("a", "b", -1), Entry("a", "a", 1)], ids=["negative", "to itself"]
)
def test_the_database_refuses_an_entry_that_moves_no_money(entry):
    with pytest.raises(IntegrityError):
        sell(entries=[entry])


@pytest.mark.parametrize("model", [LedgerEntry, LedgerTransaction])
def test_the_database_refuses_to_change_what_is_posted(model):
    sell()

    for change in (
        lambda: model.objects.update(currency="EUR"),
        lambda: model.objects.all()._raw_delete("default"),
    ):
        with pytest.raises(IntegrityError, match="never changed"), transaction.atomic():
            change()
    assert model.objects.filter(currency="KRW").exists()


def test_triggers_that_are_gone_are_noticed():
    assert invariants.is_ledger_append_only()

    on = " ON payments_ledgerentry" if connection.vendor == "postgresql" else ""
    with connection.cursor() as cursor:
        cursor.execute(f"DROP TRIGGER payments_ledgerentry_refuse_delete{on}")

    assert not invariants.is_ledger_append_only()


def test_an_event_without_entries_is_counted():
    sell()
    assert invariants.count_ledger_imbalances() == 0

    LedgerTransaction.objects.create(key="empty", kind="sale", currency="KRW")

    assert invariants.count_ledger_imbalances() == 1


def test_an_event_of_two_currencies_is_counted():
    sell()
    row = LedgerTransaction.objects.get()
    LedgerEntry.objects.create(
        transaction=row, position=9, debit="a", credit="b", currency="EUR", amount=1
    )

    assert invariants.count_ledger_imbalances() == 1


def test_a_payment_that_the_ledger_does_not_know_is_counted(pay):
    payment = settle_payment(pay().pk, now=NOW)
    assert invariants.count_unbooked_payments() == 0

    Payment.objects.filter(pk=payment.pk).update(captured_amount=1)

    assert invariants.count_unbooked_payments() == 1


def test_a_refund_that_no_row_stands_for_is_counted(pay):
    payment = settle_payment(pay().pk, now=NOW)
    assert invariants.count_wrong_refunds() == 0

    Payment.objects.filter(pk=payment.pk).update(refunded_amount=1)

    assert invariants.count_wrong_refunds() == 1
