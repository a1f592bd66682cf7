"""What a chef asks to be paid, what cancelling costs, and what was earned, as JSON."""

from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Any

from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from bookings.models import Policy, Tier
from bookings.models.policy import ALL, MOST_DAYS, MOST_TIERS, PLATFORM_FEE_PERCENT
from bookings.services.cancelling import Cancellation
from bookings.services.earning import Turn
from softfactory.kernel.api.fields import MoneyField, StrictIntegerField, StrictSerializer
from softfactory.kernel.money import Money


class TierSerializer(StrictSerializer):
    """Whoever cancels so many days ahead, or more, pays so much of the price."""

    days = StrictIntegerField(min_value=0, max_value=MOST_DAYS)
    kept_percent = StrictIntegerField(min_value=0, max_value=ALL)


class PolicySerializer(StrictSerializer):
    """What a chef asks to be paid here. All fields are needed; 0 % is that nothing is paid here."""

    upfront_percent = StrictIntegerField(
        min_value=0,
        max_value=ALL,
        help_text=_("Held on the card when booking, taken when it is confirmed."),
    )
    balance = serializers.ChoiceField(
        choices=Policy.Balance.choices, help_text=_("Whether the rest is charged before or after.")
    )
    balance_days = StrictIntegerField(min_value=0, max_value=MOST_DAYS)
    tiers = TierSerializer(
        many=True,
        max_length=MOST_TIERS,
        help_text=_("The earliest first. Later than the last one, all is kept."),
    )
    fee_percent = serializers.IntegerField(read_only=True)

    def validate_tiers(self, tiers: list[dict[str, int]]) -> list[list[int]]:
        rows = [Tier(**tier) for tier in tiers]
        if any(a.days <= b.days or a.kept_percent > b.kept_percent for a, b in pairwise(rows)):
            message = _("Send the earliest cancellation first; later ones cost as much or more.")
            raise serializers.ValidationError(message, code="not_in_order")
        return [list(row) for row in rows]

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if attrs["balance"] == Policy.Balance.AFTER and attrs["balance_days"]:
            message = _("After the visit there are no days before it: send 0.")
            raise serializers.ValidationError({"balance_days": [message]}, code="not_before")
        if not attrs["upfront_percent"] and attrs["tiers"]:
            message = _("A chef who is not paid here keeps nothing: leave the tiers empty.")
            raise serializers.ValidationError({"tiers": [message]}, code="nothing_paid")
        return attrs


def policy_as_json(policy: Policy | None) -> dict[str, Any]:
    """Return what `PolicySerializer` shows; of None, that nothing is paid here."""
    if policy is None:
        return {
            "upfront_percent": 0,
            "balance": Policy.Balance.AFTER,
            "balance_days": 0,
            "tiers": [],
            "fee_percent": PLATFORM_FEE_PERCENT,
        }
    return {
        "upfront_percent": policy.upfront_percent,
        "balance": policy.balance,
        "balance_days": policy.balance_days,
        "tiers": [tier._asdict() for tier in policy.steps],
        "fee_percent": policy.fee_percent,
    }


class CancellationSerializer(serializers.Serializer):
    """What becomes of the money if the booking is cancelled now."""

    paid = MoneyField(help_text=_("Taken, or held on the card."))
    kept = MoneyField()
    refund = MoneyField()


def cancellation_as_json(cancellation: Cancellation) -> dict[str, Any]:
    """Return what `CancellationSerializer` shows."""
    return {name: money.as_json() for name, money in cancellation._asdict().items()}


class CancelSerializer(StrictSerializer):
    """What is expected back: another amount is a 409, and nothing is cancelled."""

    refund = MoneyField(required=False)


class TurnSerializer(serializers.Serializer):
    """Something that changed what is due to a chef."""

    kind = serializers.ChoiceField(choices=["earning", "payout"])
    booking_id = serializers.IntegerField(allow_null=True)
    amount = MoneyField(help_text=_("What is due changed by so much; a payout is below zero."))
    fee = MoneyField()
    created_at = serializers.DateTimeField()


class EarningsSerializer(serializers.Serializer):
    """What a chef has earned."""

    due = serializers.ListField(
        child=MoneyField(), help_text=_("Earned, and not paid out; in the chef's currency first.")
    )
    latest = TurnSerializer(many=True)


def earnings_as_json(due: Sequence[Money], turns: Sequence[Turn]) -> Mapping[str, Any]:
    """Return what `EarningsSerializer` shows."""
    return {
        "due": [total.as_json() for total in due],
        "latest": [
            {
                "kind": turn.kind,
                "booking_id": turn.booking_id,
                "amount": turn.amount.as_json(),
                "fee": turn.fee.as_json(),
                "created_at": turn.at,
            }
            for turn in turns
        ],
    }
