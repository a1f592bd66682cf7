"""Payments, cards and the ledger, JSON in and out."""

from collections.abc import Mapping
from operator import itemgetter
from typing import Any

from rest_framework import serializers

from softfactory.kernel.api.fields import MoneyField, StrictCharField, StrictSerializer
from softfactory.payments.models import Payment, Refund
from softfactory.payments.services.refusals import explain


class CardSerializer(StrictSerializer):
    """A card, as far as one may see it."""

    id = serializers.IntegerField(read_only=True)
    brand = serializers.CharField(read_only=True)
    last4 = serializers.CharField(read_only=True)
    expires_month = serializers.IntegerField(read_only=True)
    expires_year = serializers.IntegerField(read_only=True)
    created_at = serializers.DateTimeField(read_only=True)
    token = StrictCharField(
        write_only=True, max_length=100, help_text="What the gateway gave the browser for it."
    )


def card_as_json(row: Mapping[str, Any]) -> dict[str, Any]:
    """Return what `CardSerializer` shows, of the columns of `shown()`."""
    names = ("id", "brand", "last4", "expires_month", "expires_year", "created_at")
    return {name: row[name] for name in names}


class SubjectSerializer(serializers.Serializer):
    """What a payment is for."""

    kind = serializers.CharField()
    id = serializers.IntegerField()


class PaymentCardSerializer(serializers.Serializer):
    """The card of a payment."""

    brand = serializers.CharField()
    last4 = serializers.CharField()


class PaymentSerializer(StrictSerializer):
    """An attempt to take money, and what became of it."""

    id = serializers.IntegerField(read_only=True)
    subject = SubjectSerializer(read_only=True)
    state = serializers.ChoiceField(choices=Payment.State.choices, read_only=True)
    amount = MoneyField(read_only=True)
    captured = MoneyField(read_only=True)
    refunded = MoneyField(read_only=True)
    card = PaymentCardSerializer(read_only=True)
    failure = serializers.CharField(read_only=True, help_text="A code; empty if it did not fail.")
    failure_message = serializers.CharField(read_only=True)
    action = serializers.DictField(
        read_only=True, help_text="What the customer has to do in a browser, where there is any."
    )
    created_at = serializers.DateTimeField(read_only=True)


def payment_as_json(row: Mapping[str, Any]) -> dict[str, Any]:
    """Return what `PaymentSerializer` shows, of the columns of `shown()`."""
    money = {
        name: {"amount": row[column], "currency": row["currency"]}
        for name, column in (
            ("amount", "amount"),
            ("captured", "captured_amount"),
            ("refunded", "refunded_amount"),
        )
    }
    return {
        "id": row["id"],
        "subject": {"kind": row["subject_kind"], "id": row["subject_id"]},
        "state": row["state"],
        **money,
        "card": {"brand": row["card__brand"], "last4": row["card__last4"]},
        "failure": row["failure"],
        "failure_message": explain(row["failure"]) if row["failure"] else "",
        "action": row["action"],
        "created_at": row["created_at"],
    }


def tell_payment(pk: int) -> dict[str, Any]:
    """Return what webhooks tell of a payment: as the API shows it, without its way to the bank."""
    told = payment_as_json(Payment.objects.filter(pk=pk).shown().get())
    del told["action"]
    return told


def tell_refund(pk: int) -> dict[str, Any]:
    """Return what webhooks tell of a refund."""
    refund = Refund.objects.with_payment().get(pk=pk)
    return {
        "id": refund.pk,
        "payment_id": refund.payment_id,
        "state": refund.state,
        "amount": {"amount": refund.amount, "currency": refund.payment.currency},
        "created_at": refund.created_at,
    }


class EntrySerializer(serializers.Serializer):
    """An amount that moved from one account to another."""

    debit = serializers.CharField()
    credit = serializers.CharField()
    amount = MoneyField()


class TransactionSerializer(serializers.Serializer):
    """An event in the ledger, with its entries."""

    id = serializers.IntegerField()
    key = serializers.CharField()
    kind = serializers.CharField()
    description = serializers.CharField()
    entries = EntrySerializer(many=True)
    created_at = serializers.DateTimeField()


def transaction_as_json(row: Mapping[str, Any]) -> dict[str, Any]:
    """Return what `TransactionSerializer` shows, of the columns of `shown()`."""
    entries = sorted(row["rows"] or (), key=itemgetter("position"))
    return {
        "id": row["id"],
        "key": row["key"],
        "kind": row["kind"],
        "description": row["description"],
        "entries": [
            {
                "debit": entry["debit"],
                "credit": entry["credit"],
                "amount": {"amount": entry["amount"], "currency": row["currency"]},
            }
            for entry in entries
        ],
        "created_at": row["created_at"],
    }


class ReceiptSerializer(serializers.Serializer):
    """What a gateway hears of its event."""

    received = serializers.BooleanField()
    duplicate = serializers.BooleanField()
