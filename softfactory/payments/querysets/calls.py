"""The named queries of payments and refunds."""

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, Self

from django.db import models
from django.db.models import Case, Q, Sum, Value, When
from django.db.models.functions import Coalesce

if TYPE_CHECKING:
    from softfactory.payments.models import Payment, Refund  # noqa: F401 - it names a base below
    from softfactory.payments.models.call import GatewayCall


class GatewayCallQuerySet[Row: GatewayCall](models.QuerySet[Row]):
    """Wishes to a gateway."""

    def due(self, *, now: datetime) -> Self:
        """What is to be carried out, the longest due first."""
        return self.filter(due_at__lte=now).order_by("due_at", "pk")

    def claim(self, pk: int, *, now: datetime, lease: timedelta) -> Row | None:
        """Take a due row for as long as `lease`; None if it is not due, or somebody has it.

        The row's `tries` is the token under which `recorded_by` lets its outcome be written. Its
        `state` and `sent_at` are those before, which tell of a call without an answer.
        """
        row = self.filter(pk=pk, due_at__lte=now).first()
        if row is None:
            return None
        seen = row.tries
        claimed = self.filter(pk=pk, due_at__lte=now, tries=seen).update(
            due_at=now + lease,
            tries=seen + 1,
            sent_at=Coalesce("sent_at", Value(now)),
            state=Case(When(state="created", then=Value("sending")), default="state"),
            updated_at=now,
        )
        row.tries = seen + 1
        return row if claimed else None

    def recorded_by(self, row: Any) -> Self:
        """The row, unless somebody else has claimed it since `row` was."""
        return self.filter(pk=row.pk, tries=row.tries)


class PaymentQuerySet(GatewayCallQuerySet["Payment"]):
    """Payments."""

    def visible_to(self, user: Any) -> Self:
        """One's own."""
        return self.filter(user=user)

    def named(self, gateway: str, *, reference: str, key: str) -> "Payment | None":
        """The one that a gateway calls so, or that we called so when we told the gateway of it."""
        rows = self.filter(gateway=gateway)
        if reference and (known := rows.filter(reference=reference).exclude(reference="").first()):
            return known
        pk = key.split("-")[1] if key.startswith("payment-") else ""
        payment = rows.filter(pk=int(pk)).first() if pk.isdecimal() and len(pk) < 19 else None
        return payment if payment and payment.key == key else None

    def waiting_at_sandbox(self, user: Any, pk: int) -> "Payment | None":
        """A user's payment that the sandbox's charge `pk` waits to be allowed."""
        rows = self.filter(user=user, gateway="sandbox", state="requires_action")
        return rows.filter(reference=f"sandbox_{pk}").first()

    def waiting_at_stripe(self, user: Any, pk: int) -> "Payment | None":
        """A user's payment that the bank wants to be told about, by Stripe."""
        rows = self.filter(user=user, gateway="stripe", state="requires_action")
        return rows.filter(pk=pk).select_related("card").first()

    def of_subject(self, kind: str, pk: Any) -> Self:
        """What was tried for a subject, the last attempt first."""
        return self.filter(subject_kind=kind, subject_id=pk).order_by("-attempt")

    def subjects_under_way(self, kind: str) -> models.QuerySet[Any, Any]:
        """The ids of the subjects of a kind with a payment or a refund that is not at rest."""
        resting = Q(state__in=self.model.OVER)
        is_returning = Q(refunds__state__in=["created", "sending", "unknown"])
        rows = self.filter(~resting | is_returning, subject_kind=kind)
        return rows.order_by().values_list("subject_id", flat=True)

    def shown(self) -> models.QuerySet[Any, Any]:
        """Each as a dict of what the API shows of a payment."""
        columns = ("id", "subject_kind", "subject_id", "state", "failure", "created_at")
        amounts = ("currency", "amount", "captured_amount", "refunded_amount")
        return self.values(*columns, *amounts, "action", "card__brand", "card__last4")


class RefundQuerySet(GatewayCallQuerySet["Refund"]):
    """Refunds."""

    def standing(self) -> Self:
        """Those that did not fail."""
        return self.exclude(state="failed")

    def under_way(self, user: Any, currency: str) -> int:
        """Return the sum of those that a user waits for."""
        waiting = self.filter(due_at__isnull=False, payment__user=user, payment__currency=currency)
        return waiting.aggregate(sum=Sum("amount", default=0))["sum"]

    def with_payment(self) -> Self:
        """Each with its payment, in the same query."""
        return self.select_related("payment")
