"""Invoices and credit notes as JSON."""

from collections.abc import Mapping
from operator import itemgetter
from typing import Any

from rest_framework import serializers

from softfactory.kernel.api.fields import MoneyField, StrictSerializer
from subscriptions.models import Invoice
from subscriptions.pricing import LineKind
from subscriptions.serializers.amounts import BalanceField


class LineSerializer(serializers.Serializer):
    """One line of an invoice."""

    kind = serializers.ChoiceField(choices=[kind.value for kind in LineKind])
    description = serializers.CharField()
    amount = BalanceField()


class InvoiceSerializer(StrictSerializer):
    """An invoice; a credit note, if its total is below zero."""

    id = serializers.IntegerField(read_only=True)
    subscription_id = serializers.IntegerField(read_only=True)
    corrects_id = serializers.IntegerField(
        read_only=True, allow_null=True, help_text="The invoice that a credit note takes back from."
    )
    number = serializers.CharField(read_only=True)
    kind = serializers.ChoiceField(choices=Invoice.Kind.choices, read_only=True)
    status = serializers.ChoiceField(choices=Invoice.Status.choices, read_only=True)
    period_start = serializers.DateTimeField(read_only=True)
    period_end = serializers.DateTimeField(read_only=True)
    lines = LineSerializer(many=True, read_only=True)
    total = BalanceField(read_only=True)
    tax = BalanceField(read_only=True, help_text="The part of the total that is tax.")
    tax_rate = serializers.IntegerField(
        read_only=True, help_text="In hundredths of a percent: 1000 is 10 %."
    )
    credit = MoneyField(read_only=True, help_text="What was paid from what you have with us.")
    due = MoneyField(read_only=True, help_text="What your card is charged.")
    next_attempt_at = serializers.DateTimeField(read_only=True, allow_null=True)
    issued_at = serializers.DateTimeField(read_only=True)
    paid_at = serializers.DateTimeField(read_only=True, allow_null=True)


def invoice_as_json(row: Mapping[str, Any]) -> dict[str, Any]:
    """Return what `InvoiceSerializer` shows, of the columns of `shown()`."""
    currency, total, credit = row["currency"], row["total_amount"], row["credit_amount"]

    def money(amount: int) -> dict[str, Any]:
        return {"amount": amount, "currency": currency}

    return {
        "id": row["id"],
        "subscription_id": row["subscription_id"],
        "corrects_id": row["corrects_id"],
        "number": Invoice.number_of(row["series"], row["number"]),
        "kind": row["kind"],
        "status": row["status"],
        "period_start": row["period_start"],
        "period_end": row["period_end"],
        "lines": [
            {
                "kind": line["kind"],
                "description": line["description"],
                "amount": money(line["amount"]),
            }
            for line in sorted(row["line_rows"] or (), key=itemgetter("position"))
        ],
        "total": money(total),
        "tax": money(row["tax_amount"]),
        "tax_rate": row["tax_rate"],
        "credit": money(credit),
        "due": money(max(total - credit, 0)),
        "next_attempt_at": row["retry_at"],
        "issued_at": row["issued_at"],
        "paid_at": row["paid_at"],
    }


def tell_invoice(pk: int) -> dict[str, Any]:
    """Return what webhooks tell of an invoice: as the API shows it."""
    return invoice_as_json(Invoice.objects.filter(pk=pk).shown().get())
