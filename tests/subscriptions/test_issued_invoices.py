"""What an issued invoice says stands: the database itself refuses to change or delete it."""

import pytest
from django.db import IntegrityError, connection, transaction

from subscriptions import invariants
from subscriptions.models import Invoice, InvoiceLine
from subscriptions.services.changing import change_plan
from subscriptions.services.renewing import renew_subscriptions
from tests.subscriptions.conftest import NOW, pay_all

# What becomes of an open invoice moves; all else is what it says.
MOVES = {"status", "attempts", "retry_at", "paid_at"}
SAYS = [f.column for f in Invoice._meta.concrete_fields if f.name not in MOVES]
LINE_SAYS = [f.column for f in InvoiceLine._meta.concrete_fields]


@pytest.fixture
def paid(begin):
    """The invoice of Ana's first period."""
    return begin("Small").invoices.get()


@pytest.fixture
def unpaid(begin, card):
    """The invoice of Ana's second period, which waits for another attempt."""
    subscription = begin("Small")
    card("card_declined")
    renew_subscriptions(subscription.current_period_end)
    pay_all(now=subscription.current_period_end)
    return subscription.invoices.owed().get()


@pytest.fixture
def credit_note(begin, plan):
    """A credit note, which is paid from the start."""
    subscription = begin("Large")
    change_plan(subscription=subscription, plan_id=plan("Small").pk, when="now", now=NOW)
    return subscription.invoices.get(series=Invoice.CREDIT_NOTES)


def run(sql, *values):
    with connection.cursor() as cursor:
        cursor.execute(sql, values)


def refused(sql, *values):
    with pytest.raises(IntegrityError, match="never changed"), transaction.atomic():
        run(sql, *values)
    return True


def other(value):
    """Another value of the same type; of no invoice, the first one."""
    if isinstance(value, str):
        return "x"
    if value is None or isinstance(value, int):
        return (value or 0) + 1
    return NOW.replace(year=2001)


@pytest.mark.parametrize("column", SAYS)
def test_what_it_says_is_not_changed(unpaid, column):
    value = Invoice.objects.values_list(column, flat=True).get(pk=unpaid.pk)
    assert refused(
        f"UPDATE subscriptions_invoice SET {column} = %s WHERE id = %s", other(value), unpaid.pk
    )


@pytest.mark.parametrize("column", LINE_SAYS)
def test_no_line_is_changed(paid, column):
    line = paid.lines.get()
    value = InvoiceLine.objects.values_list(column, flat=True).get(pk=line.pk)
    assert refused(
        f"UPDATE subscriptions_invoiceline SET {column} = %s WHERE id = %s", other(value), line.pk
    )


@pytest.mark.parametrize("table", ["subscriptions_invoiceline", "subscriptions_invoice"])
def test_nothing_is_deleted(paid, table):
    assert refused(f"DELETE FROM {table}")


@pytest.mark.parametrize("document", ["paid", "unpaid", "credit_note"])
def test_no_line_is_added(request, document):
    invoice = request.getfixturevalue(document)
    columns = "invoice_id, position, kind, description, amount"
    assert refused(
        f"INSERT INTO subscriptions_invoiceline ({columns}) VALUES (%s, 9, 'period', 'More', 0)",
        invoice.pk,
    )


@pytest.mark.parametrize("column", sorted(MOVES - {"paid_at"}))
def test_what_becomes_of_an_open_one_moves(unpaid, column):
    values = {"status": "void", "attempts": 7, "retry_at": NOW}
    if column == "status":
        run("UPDATE subscriptions_invoice SET retry_at = NULL WHERE id = %s", unpaid.pk)
    run(f"UPDATE subscriptions_invoice SET {column} = %s WHERE id = %s", values[column], unpaid.pk)
    unpaid.refresh_from_db()
    assert getattr(unpaid, column) == values[column]


@pytest.mark.parametrize("document", ["paid", "credit_note"])
@pytest.mark.parametrize("change", ["status = 'void'", "paid_at = NULL", "attempts = 7"])
def test_what_became_of_it_stands(request, document, change):
    invoice = request.getfixturevalue(document)
    assert refused(f"UPDATE subscriptions_invoice SET {change} WHERE id = %s", invoice.pk)


def test_an_update_that_changes_nothing_is_none(paid):
    run("UPDATE subscriptions_invoice SET number = number, status = status")


def test_triggers_that_are_gone_are_noticed(db):
    assert invariants.are_invoices_immutable()

    on = " ON subscriptions_invoice" if connection.vendor == "postgresql" else ""
    run(f"DROP TRIGGER subscriptions_invoice_refuse_delete{on}")

    assert not invariants.are_invoices_immutable()
