"""What must always be true of subscriptions. Each function counts what is not."""

from django.db.models import Count, Exists, F, Max, OuterRef, Subquery, Sum
from django.db.models.functions import Coalesce

from softfactory.kernel.db.triggers import has_triggers
from softfactory.payments.models import LedgerTransaction, Payment
from subscriptions.models import Invoice, InvoiceLine, InvoiceSeries, Subscription, UsagePeriod


def count_wrong_invoices() -> int:
    """Invoices whose lines add up to another total."""
    lines = InvoiceLine.objects.filter(invoice=OuterRef("pk")).order_by().values("invoice")
    summed = Subquery(lines.annotate(sum=Sum("amount")).values("sum"))
    return Invoice.objects.exclude(total_amount=Coalesce(summed, 0)).count()


def count_unposted_invoices() -> int:
    """Invoices of which the ledger says another amount than they do."""
    rows = LedgerTransaction.objects.filter(kind="invoice").annotate(sum=Sum("entries__amount"))
    posted = dict(rows.values_list("key", "sum"))
    return sum(
        posted.get(Invoice.ledger_key(pk, "invoice"), 0) != abs(total)
        for pk, total in Invoice.objects.values_list("pk", "total_amount").iterator()
    )


def count_missing_numbers() -> int:
    """Series of invoices with a gap, or with a number beyond the last one."""
    invoices = Invoice.objects.filter(series=OuterRef("name")).order_by().values("series")
    return (
        InvoiceSeries.objects.annotate(
            count=Coalesce(Subquery(invoices.annotate(n=Count("pk")).values("n")), 0),
            highest=Coalesce(Subquery(invoices.annotate(n=Max("number")).values("n")), 0),
        )
        .exclude(last=F("count"), count=F("highest"))
        .count()
    )


def count_forgotten_invoices() -> int:
    """Open invoices that nobody will ever try to pay again."""
    payments = Payment.objects.filter(subject_kind=Invoice.SUBJECT, subject_id=OuterRef("pk"))
    waiting = Invoice.objects.owed().filter(retry_at__isnull=True)
    return waiting.exclude(Exists(payments.filter(state__in=Payment.OPEN))).count()


def count_baseless_debts() -> int:
    """Subscriptions that are past due and owe nothing."""
    past_due = Subscription.objects.in_a_state(Subscription.Status.PAST_DUE)
    return past_due.exclude(
        Exists(Invoice.objects.owed().filter(subscription=OuterRef("pk")))
    ).count()


def count_overcredited_invoices() -> int:
    """Invoices of which more was credited than they come to."""
    left = F("total_amount") + Sum("credit_notes__total_amount")
    return Invoice.objects.annotate(left=left).filter(left__lt=0).count()


def are_invoices_immutable() -> bool:
    """Tell whether the database still refuses to change what was issued.

    Its triggers would be lost when a migration makes one of the tables anew.
    """
    return has_triggers({Invoice._meta.db_table: 3, InvoiceLine._meta.db_table: 3})


def count_wrong_usage() -> int:
    """Counts of what was used in a period that are not the sum of its records."""
    return UsagePeriod.objects.miscounted().count()
