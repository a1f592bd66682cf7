"""What must always be true of payments: each function counts what is not."""

from django.db.models import F, OuterRef, Subquery, Sum
from django.db.models.functions import Coalesce

from softfactory.kernel.db.triggers import has_triggers
from softfactory.payments.models import LedgerEntry, LedgerTransaction, Payment, Refund


def count_ledger_imbalances() -> int:
    """Events in the ledger that moved nothing, or more than one currency."""
    return LedgerTransaction.objects.imbalanced().count()


def count_unbooked_payments() -> int:
    """Payments of which the ledger says another amount than was taken."""
    posted = Subquery(LedgerTransaction.objects.posted("charge", payment=OuterRef("pk")))
    return (
        Payment.objects.annotate(posted=Coalesce(posted, 0))
        .exclude(posted=F("captured_amount"))
        .count()
    )


def count_unbooked_refunds() -> int:
    """Refunds of which the ledger says another amount than was given back."""
    posted = Subquery(LedgerTransaction.objects.posted("refund", refund=OuterRef("pk")))
    rows = Refund.objects.annotate(posted=Coalesce(posted, 0))
    given = rows.filter(state=Refund.State.SUCCEEDED).exclude(posted=F("amount")).count()
    return given + rows.exclude(state=Refund.State.SUCCEEDED).filter(posted__gt=0).count()


def count_wrong_refunds() -> int:
    """Payments whose sum of refunds is not what their refunds add up to."""
    standing = (
        Refund.objects.standing()
        .filter(payment=OuterRef("pk"))
        .order_by()
        .values("payment")
        .annotate(total=Sum("amount"))
        .values("total")
    )
    return (
        Payment.objects.annotate(total=Coalesce(Subquery(standing), 0))
        .exclude(total=F("refunded_amount"))
        .count()
    )


def is_ledger_append_only() -> bool:
    """Tell whether the database still refuses to change the ledger.

    Its triggers would be lost when a migration makes one of the tables anew.
    """
    tables = (LedgerTransaction._meta.db_table, LedgerEntry._meta.db_table)
    return has_triggers(dict.fromkeys(tables, 2))
