"""Products and plans, JSON in and out."""

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
from softfactory.kernel.money import Money
from subscriptions.models import Plan, Product

LARGEST = 32_767  # what a PositiveSmallIntegerField holds everywhere


class PlanSerializer(StrictSerializer):
    """One plan. Reads a row of `with_plans()`, writes what a service makes a plan of."""

    id = serializers.IntegerField(read_only=True)
    name = StrictCharField(max_length=60)
    interval = serializers.ChoiceField(choices=Plan.Interval.choices)
    price = MoneyField()
    trial_days = StrictIntegerField(min_value=0, max_value=LARGEST, default=0)
    rank = StrictIntegerField(min_value=0, max_value=LARGEST, default=0)

    def to_internal_value(self, data: Any) -> dict[str, Any]:
        """Read a whole plan, also where its product is changed in part."""
        if self.root is self:
            return super().to_internal_value(data)
        plan = PlanSerializer(data=data)
        plan.is_valid(raise_exception=True)
        return plan.validated_data


def plans_of(product: Product) -> list[dict[str, Any]]:
    """Return the plans of a product that was loaded `with_plans()`, by rank."""
    rows = sorted(product.plan_rows or (), key=lambda row: (row["rank"], row["id"]))
    return [row | {"price": Money(row["price_amount"], row["currency"])} for row in rows]


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

    def to_representation(self, product: Product) -> dict[str, Any]:
        plans = plans_of(product)
        shown = {name: getattr(product, name) for name in ("id", "slug", "name", "description")}
        return shown | {
            "icon": product.icon,
            "is_active": product.is_active,
            "monthly_price": _smallest(plans, Plan.Interval.MONTH),
            "annual_price": _smallest(plans, Plan.Interval.YEAR),
            "plans": PlanSerializer(plans, many=True).data,
        }

    def validate_plans(self, plans: list[dict[str, Any]]) -> list[dict[str, Any]]:
        names = [(plan["name"], plan["interval"]) for plan in plans]
        if len(set(names)) != len(names):
            message = _("Two plans of a product differ in name or interval.")
            raise serializers.ValidationError(message, code="unique")
        return plans


def _smallest(plans: list[dict[str, Any]], interval: str) -> dict[str, int | str] | None:
    prices = [plan["price"] for plan in plans if plan["interval"] == interval]
    return prices[0].as_json() if prices else None
