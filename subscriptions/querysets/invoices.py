"""The named queries of invoices."""

from datetime import datetime
from typing import TYPE_CHECKING, Any, Self

from django.db import models
from django.db.models import Exists, F, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce, JSONObject

from softfactory.kernel.db.functions import JSONRows
from softfactory.payments.models import Card, Payment

if TYPE_CHECKING:
    from subscriptions.models import Invoice


class InvoiceQuerySet(models.QuerySet["Invoice"]):
    """Invoices and credit notes."""

    def shown(self) -> models.QuerySet[Any, Any]:
        """Each as a dict of what the API shows of an invoice."""
        return self.with_lines().values(
            "id",
            "subscription_id",
            "corrects_id",
            "series",
            "number",
            "kind",
            "status",
            "period_start",
            "period_end",
            "currency",
            "total_amount",
            "tax_amount",
            "tax_rate",
            "credit_amount",
            "retry_at",
            "issued_at",
            "paid_at",
            "line_rows",
        )

    def with_lines(self) -> Self:
        """Each with `line_rows`: its lines as dicts, in the same query."""
        lines: Any = self.model._meta.get_field("lines").related_model
        rows = (
            lines._default_manager.filter(invoice=OuterRef("pk"))
            .order_by()
            .values("invoice")
            .annotate(
                rows=JSONRows(
                    JSONObject(
                        position=F("position"),
                        kind=F("kind"),
                        description=F("description"),
                        amount=F("amount"),
                    )
                )
            )
            .values("rows")
        )
        return self.annotate(line_rows=Subquery(rows))

    def visible_to(self, user: models.Model) -> Self:
        """The user's own."""
        return self.filter(user=user)

    def with_parties(self) -> Self:
        """Each with its customer and what it is for, in the same query."""
        return self.select_related("user", "subscription__product", "corrects")

    def newest_first(self) -> Self:
        """The last one issued first."""
        return self.order_by("-issued_at", "-pk")

    def owed(self) -> Self:
        """Those that are to be paid still."""
        return self.filter(status=self.model.Status.OPEN)

    def to_retry(self, *, now: datetime) -> Self:
        """Those whose payment failed, and whose next attempt is due, or whose customer has added
        a card since the last one.
        """
        payments = Payment.objects.of_subject(self.model.SUBJECT, OuterRef("pk"))
        tried_at = Coalesce(Subquery(payments.values("created_at")[:1]), F("issued_at"))
        newer = Card.objects.of(OuterRef("user")).filter(created_at__gt=OuterRef("tried_at"))
        failed = self.filter(retry_at__isnull=False).annotate(tried_at=tried_at)
        return failed.filter(Q(retry_at__lte=now) | Exists(newer))
