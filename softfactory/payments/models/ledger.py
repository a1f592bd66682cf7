"""The ledger: every movement of money, as pairs of accounts. Rows are added and never changed.

An entry takes an amount from no account but to another: it names the account that is debited and
the one that is credited. So whatever is written balances, each entry by itself. That nobody
changes or deletes one is held by triggers, in the migration.
"""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from softfactory.kernel import clock
from softfactory.kernel.money import Money
from softfactory.payments.models.payment import Payment
from softfactory.payments.models.refund import Refund
from softfactory.payments.querysets import LedgerEntryQuerySet, LedgerTransactionQuerySet


class LedgerTransaction(models.Model):
    """One event in one currency, whose entries belong together. Its key is posted once."""

    key = models.CharField(_("key"), max_length=100)
    kind = models.CharField(_("kind"), max_length=30)
    currency = models.CharField(_("currency"), max_length=3)
    description = models.CharField(_("description"), max_length=200, blank=True)
    payment = models.ForeignKey(
        Payment, on_delete=models.PROTECT, related_name="+", null=True, blank=True, db_index=False
    )
    refund = models.ForeignKey(
        Refund, on_delete=models.PROTECT, related_name="+", null=True, blank=True, db_index=False
    )
    created_at = models.DateTimeField(_("posted"), default=clock.now, editable=False)

    objects = LedgerTransactionQuerySet.as_manager()

    class Meta:
        verbose_name = _("transaction")
        verbose_name_plural = _("ledger")
        constraints = [
            # An event is posted once.
            models.UniqueConstraint(fields=["key"], name="payments_ledgertransaction_once"),
        ]
        indexes = [
            # The ledger of staff, newest first.
            models.Index(F("created_at").desc(), F("id").desc(), name="payments_ledger_newest"),
            # verify: what was posted of a payment, and of a refund.
            models.Index(
                fields=["payment", "kind"],
                condition=Q(payment__isnull=False),
                name="payments_ledger_payment",
            ),
            models.Index(
                fields=["refund"],
                condition=Q(refund__isnull=False),
                name="payments_ledger_refund",
            ),
        ]

    def __str__(self) -> str:
        return self.key


class LedgerEntry(models.Model):
    """An amount that one account is debited and another credited with.

    An account is a name: `customer:12`, `gateway:stripe`, `revenue:subscriptions`.
    """

    transaction = models.ForeignKey(
        LedgerTransaction, on_delete=models.PROTECT, related_name="entries", db_index=False
    )
    position = models.PositiveSmallIntegerField(_("position"))
    debit = models.CharField(_("debited"), max_length=60)
    credit = models.CharField(_("credited"), max_length=60)
    currency = models.CharField(_("currency"), max_length=3)
    amount = models.BigIntegerField(_("amount"))

    objects = LedgerEntryQuerySet.as_manager()

    class Meta:
        verbose_name = _("ledger entry")
        verbose_name_plural = _("ledger entries")
        constraints = [
            # The entries of a transaction, in order.
            models.UniqueConstraint(
                fields=["transaction", "position"], name="payments_ledgerentry_place"
            ),
            models.CheckConstraint(
                condition=Q(amount__gt=0) & ~Q(debit=F("credit")),
                name="payments_ledgerentry_moves_money",
            ),
        ]
        indexes = [
            # The balance of an account.
            models.Index(fields=["debit", "currency", "amount"], name="payments_ledger_debit"),
            models.Index(fields=["credit", "currency", "amount"], name="payments_ledger_credit"),
        ]

    def __str__(self) -> str:
        return f"{self.debit} ← {self.money} ← {self.credit}"

    @property
    def money(self) -> Money:
        """What was moved."""
        return Money(self.amount, self.currency)
