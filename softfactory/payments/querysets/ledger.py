"""The named queries of the ledger."""

from datetime import datetime
from typing import TYPE_CHECKING, Any, Self

from django.db import models
from django.db.models import Exists, F, OuterRef, Q, Subquery, Sum
from django.db.models.functions import JSONObject

from softfactory.kernel.db.functions import JSONRows

if TYPE_CHECKING:
    from softfactory.payments.models import LedgerEntry, LedgerTransaction


class LedgerTransactionQuerySet(models.QuerySet["LedgerTransaction"]):
    """Events in the ledger."""

    def _entries(self) -> models.QuerySet[Any]:
        related: Any = self.model._meta.get_field("entries").related_model
        return related._default_manager.all()

    def shown(self) -> models.QuerySet[Any, Any]:
        """Each as a dict of what the API shows of a transaction, its entries as `rows`."""
        rows = (
            self._entries()
            .filter(transaction=OuterRef("pk"))
            .order_by()
            .values("transaction")
            .annotate(
                rows=JSONRows(
                    JSONObject(
                        position=F("position"),
                        debit=F("debit"),
                        credit=F("credit"),
                        amount=F("amount"),
                    )
                )
            )
            .values("rows")
        )
        columns = ("id", "key", "kind", "currency", "description", "created_at")
        return self.annotate(rows=Subquery(rows)).values(*columns, "rows")

    def of_account(self, account: str) -> Self:
        """Those that moved something to an account, or from it."""
        entries: Any = self._entries()
        return self.filter(pk__in=entries.of_account(account).values("transaction"))

    def newest_first(self) -> Self:
        """The last one posted first."""
        return self.order_by("-created_at", "-pk")

    def imbalanced(self) -> Self:
        """Those that moved nothing, or more than one currency."""
        own = self._entries().filter(transaction=OuterRef("pk"))
        return self.filter(~Exists(own) | Exists(own.exclude(currency=OuterRef("currency"))))

    def posted(self, kind: str, **of: Any) -> models.QuerySet[Any, Any]:
        """The sum of what was posted of a kind, as a subquery: `posted("charge", payment=…)`."""
        return (
            self.filter(kind=kind, **of)
            .order_by()
            .values("kind")
            .annotate(posted=Sum("entries__amount"))
            .values("posted")
        )


class LedgerEntryQuerySet(models.QuerySet["LedgerEntry"]):
    """Entries of the ledger."""

    def of_account(self, account: str) -> Self:
        """Those that debit or credit an account."""
        return self.filter(Q(debit=account) | Q(credit=account))

    def flow(self, source: str, target: str, currency: str) -> int:
        """Return what went from one account to another, less what came back."""
        there = Q(debit=source, credit=target)
        back = Q(debit=target, credit=source)
        sums = self.filter(there | back, currency=currency).aggregate(
            there=Sum("amount", filter=there, default=0),
            back=Sum("amount", filter=back, default=0),
        )
        return sums["there"] - sums["back"]

    def gained(self, account: str, currency: str, *, kind: str, since: datetime) -> int:
        """Return what transactions of a kind brought to an account, less what they took."""
        rows = self.of_account(account).filter(
            currency=currency, transaction__kind=kind, transaction__created_at__gte=since
        )
        sums = rows.aggregate(
            gained=Sum("amount", filter=Q(credit=account), default=0),
            lost=Sum("amount", filter=Q(debit=account), default=0),
        )
        return sums["gained"] - sums["lost"]

    def balance(self, account: str, currency: str) -> int:
        """Return what an account was debited with, less what it was credited with."""
        sums = (
            self.of_account(account)
            .filter(currency=currency)
            .aggregate(
                debited=Sum("amount", filter=Q(debit=account), default=0),
                credited=Sum("amount", filter=Q(credit=account), default=0),
            )
        )
        return sums["debited"] - sums["credited"]

    def currencies_of(self, account: str) -> list[str]:
        """Return the currencies that an account was written in."""
        of_account = self.filter(Q(debit=account) | Q(credit=account)).order_by("currency")
        return list(of_account.values_list("currency", flat=True).distinct())
