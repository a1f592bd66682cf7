"""Products and plans, JSON in and out."""

from collections.abc import Mapping, Sequence
from operator import itemgetter
from typing import Any

from django.core.validators import validate_slug
from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from softfactory.kernel.api.fields import (
    MoneyField,
    StrictBooleanField,
    StrictCharField,
    StrictIntegerField,
    StrictSerializer,
)
from subscriptions.models import Feature, Plan
from subscriptions.services.products import features_by_plan

LARGEST = 32_767  # what a PositiveSmallIntegerField holds everywhere


class PlanFeatureSerializer(serializers.Serializer):
    """What a plan allows of a feature."""

    key = serializers.CharField(help_text="As `GET /api/platform/entitlements` names it.")
    name = serializers.CharField()
    kind = serializers.ChoiceField(choices=Feature.Kind.choices)
    allowed = serializers.BooleanField()
    limit = serializers.IntegerField(
        allow_null=True,
        help_text="How many: at a time, or in a period if it is metered. Null for any number.",
    )


class PlanSerializer(StrictSerializer):
    """One plan. Reads a row of `with_plans()`, writes what a service makes a plan of."""

    id = serializers.IntegerField(read_only=True)
    name = StrictCharField(max_length=60)
    interval = serializers.ChoiceField(choices=Plan.Interval.choices)
    price = MoneyField()
    trial_days = StrictIntegerField(min_value=0, max_value=LARGEST, default=0)
    rank = StrictIntegerField(min_value=0, max_value=LARGEST, default=0)
    features = PlanFeatureSerializer(many=True, read_only=True)

    def to_internal_value(self, data: Any) -> dict[str, Any]:
        """Read a whole plan, also where its product is changed in part."""
        if self.root is self:
            return super().to_internal_value(data)
        plan = PlanSerializer(data=data)
        plan.is_valid(raise_exception=True)
        return plan.validated_data


def feature_as_json(row: Mapping[str, Any]) -> dict[str, Any]:
    """Return what `PlanFeatureSerializer` shows, of one of the `feature_rows`."""
    value, kind = row["value"], row["kind"]
    return {
        "key": row["key"],
        "name": row["name"],
        "kind": kind,
        "allowed": value != 0,
        "limit": None if kind == Feature.Kind.BOOLEAN else value,
    }


def plan_as_json(row: Mapping[str, Any], features: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """Return what `PlanSerializer` shows, of one of the `plan_rows` and what it allows."""
    return {
        "id": row["id"],
        "name": row["name"],
        "interval": row["interval"],
        "price": {"amount": row["price_amount"], "currency": row["currency"]},
        "trial_days": row["trial_days"],
        "rank": row["rank"],
        "features": [feature_as_json(feature) for feature in features],
    }


def product_as_json(row: Mapping[str, Any]) -> dict[str, Any]:
    """Return what `ProductSerializer` shows, of the columns of `shown()`; plans by their rank."""
    allowed = features_by_plan(row["feature_rows"] or ())
    rows = sorted(row["plan_rows"] or (), key=itemgetter("rank", "id"))
    plans = [plan_as_json(plan, allowed[plan["id"]]) for plan in rows]
    return {
        "id": row["id"],
        "slug": row["slug"],
        "name": row["name"],
        "description": row["description"],
        "icon": row["icon"],
        "is_active": row["is_active"],
        "monthly_price": _smallest(plans, Plan.Interval.MONTH),
        "annual_price": _smallest(plans, Plan.Interval.YEAR),
        "plans": plans,
    }


def _smallest(plans: list[dict[str, Any]], interval: str) -> dict[str, int | str] | None:
    return next((plan["price"] for plan in plans if plan["interval"] == interval), None)


class ProductSerializer(StrictSerializer):
    """A product with its plans, and the price of its smallest plan by month and by year."""

    id = serializers.IntegerField(read_only=True)
    slug = StrictCharField(max_length=60, validators=[validate_slug])
    name = StrictCharField(max_length=100)
    description = StrictCharField(max_length=2000, allow_blank=True, default="")
    icon = StrictCharField(max_length=40, allow_blank=True, default="")
    is_active = StrictBooleanField(default=True)
    monthly_price = MoneyField(read_only=True, allow_null=True)
    annual_price = MoneyField(read_only=True, allow_null=True)
    plans = PlanSerializer(many=True, default=list)

    def validate_plans(self, plans: list[dict[str, Any]]) -> list[dict[str, Any]]:
        names = [(plan["name"], plan["interval"]) for plan in plans]
        if len(set(names)) != len(names):
            message = _("Two plans of a product differ in name or interval.")
            raise serializers.ValidationError(message, code="unique")
        return plans
