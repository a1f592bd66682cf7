"""Subscriptions, JSON in and out: what their customer sees, and asks for."""

from collections.abc import Mapping
from typing import Any

from rest_framework import serializers

from softfactory.kernel.api.fields import (
    InstantField,
    MoneyField,
    StrictCharField,
    StrictIntegerField,
    StrictSerializer,
)
from subscriptions.models import Subscription
from subscriptions.serializers.amounts import BalanceField
from subscriptions.serializers.invoices import LineSerializer
from subscriptions.services.changing import NOW, PERIOD_END, Preview
from subscriptions.services.invoicing import describe

LARGEST_ID = 2**63 - 1
PLAN_TYPES = {"month": "monthly", "year": "annual"}


class RedemptionSerializer(serializers.Serializer):
    """The coupon of a subscription."""

    code = serializers.CharField()
    periods_left = serializers.IntegerField(
        allow_null=True, help_text="From how many more periods it takes; null for all of them."
    )


class SubscriptionSerializer(StrictSerializer):
    """A subscription, as its customer sees it."""

    id = serializers.IntegerField(read_only=True)
    user = serializers.IntegerField(read_only=True)
    product = serializers.CharField(read_only=True, help_text="The product's slug.")
    plan_id = serializers.IntegerField(read_only=True)
    plan = serializers.CharField(read_only=True, help_text="The plan's name.")
    plan_type = serializers.ChoiceField(choices=list(PLAN_TYPES.values()), read_only=True)
    pending_plan_id = serializers.IntegerField(
        read_only=True, allow_null=True, help_text="The plan from the next period on."
    )
    status = serializers.ChoiceField(choices=Subscription.Status.choices, read_only=True)
    price = MoneyField(read_only=True, help_text="Of the current period, before any discount.")
    timezone = serializers.CharField(read_only=True)
    current_period_start = serializers.DateTimeField(read_only=True)
    current_period_end = serializers.DateTimeField(read_only=True)
    trial_ends_at = serializers.DateTimeField(read_only=True, allow_null=True)
    grace_ends_at = serializers.DateTimeField(read_only=True, allow_null=True)
    paused_at = serializers.DateTimeField(read_only=True, allow_null=True)
    ended_at = serializers.DateTimeField(read_only=True, allow_null=True)
    cancel_at_period_end = serializers.BooleanField(read_only=True)
    coupon = RedemptionSerializer(read_only=True, allow_null=True)
    created_at = serializers.DateTimeField(read_only=True)
    updated_at = serializers.DateTimeField(read_only=True)


def subscription_as_json(row: Mapping[str, Any]) -> dict[str, Any]:
    """Return what `SubscriptionSerializer` shows, of the columns of `shown()`."""
    code, periods_left = row["coupon_code"], row["coupon_periods_left"]
    return {
        "id": row["id"],
        "user": row["user_id"],
        "product": row["product_slug"],
        "plan_id": row["plan_id"],
        "plan": row["plan_name"],
        "plan_type": PLAN_TYPES[row["plan_interval"]],
        "pending_plan_id": row["pending_plan_id"],
        "status": row["status"],
        "price": {"amount": row["price_amount"], "currency": row["currency"]},
        "timezone": row["timezone"],
        "current_period_start": row["current_period_start"],
        "current_period_end": row["current_period_end"],
        "trial_ends_at": row["trial_ends_at"],
        "grace_ends_at": row["grace_ends_at"],
        "paused_at": row["paused_at"],
        "ended_at": row["ended_at"],
        "cancel_at_period_end": row["cancel_at_period_end"],
        "coupon": {"code": code, "periods_left": periods_left} if code else None,
        "created_at": row["created_at"],
        "updated_at": row["updated_at"],
    }


def tell_subscription(pk: int) -> dict[str, Any]:
    """Return what webhooks tell of a subscription: as the API shows it."""
    return subscription_as_json(Subscription.objects.filter(pk=pk).shown().get())


class SubscribeSerializer(StrictSerializer):
    """What a customer subscribes to."""

    plan_id = StrictIntegerField(min_value=1, max_value=LARGEST_ID)
    coupon = StrictCharField(max_length=40, required=False)


class WhenSerializer(StrictSerializer):
    """Whether something ends now, or with its period."""

    at = serializers.ChoiceField(choices=[NOW, PERIOD_END], default=PERIOD_END)


class ChangeSerializer(StrictSerializer):
    """Which plan a customer changes to, and when; `as_of` is that of the preview they agreed to."""

    plan_id = StrictIntegerField(min_value=1, max_value=LARGEST_ID)
    at = serializers.ChoiceField(choices=[NOW, PERIOD_END], required=False, source="when")
    as_of = InstantField(required=False)


class PreviewSerializer(serializers.Serializer):
    """What a change of plan would come to."""

    at = serializers.ChoiceField(choices=[NOW, PERIOD_END])
    as_of = serializers.DateTimeField(
        help_text="When it takes effect. Send it with a change that is for now."
    )
    lines = LineSerializer(many=True)
    total = BalanceField()
    tax = BalanceField(help_text="The part of the total that is tax.")
    credit = MoneyField(help_text="What is paid from what you have with us.")
    due = MoneyField(help_text="What your card is charged.")


def preview_as_json(preview: Preview) -> dict[str, Any]:
    """Return what `PreviewSerializer` shows, in the active language."""
    timezone = preview.subscription.timezone
    return {
        "at": preview.when,
        "as_of": preview.as_of,
        "lines": [
            {
                "kind": line.kind,
                "description": describe(line, timezone),
                "amount": line.amount.as_json(),
            }
            for line in preview.quote.lines
        ],
        "total": preview.quote.total.as_json(),
        "tax": preview.quote.tax.as_json(),
        "credit": preview.settlement.credit.as_json(),
        "due": preview.settlement.due.as_json(),
    }
