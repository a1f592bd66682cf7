"""The named queries of payments, one module per idea."""

from softfactory.payments.querysets.calls import PaymentQuerySet, RefundQuerySet
from softfactory.payments.querysets.cards import CardQuerySet
from softfactory.payments.querysets.ledger import LedgerEntryQuerySet, LedgerTransactionQuerySet

__all__ = [
    "CardQuerySet",
    "LedgerEntryQuerySet",
    "LedgerTransactionQuerySet",
    "PaymentQuerySet",
    "RefundQuerySet",
]
