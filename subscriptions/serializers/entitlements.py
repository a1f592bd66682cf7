"""Entitlements as JSON: what one may use, and how much of it is left."""

from typing import Any

from rest_framework import serializers

from subscriptions.models import Feature
from subscriptions.services.entitlements import Entitlement, Source


class EntitlementSerializer(serializers.Serializer):
    """What one may use of a feature."""

    feature = serializers.CharField(help_text="Its key, such as `sns.posts`.")
    name = serializers.CharField()
    kind = serializers.ChoiceField(choices=Feature.Kind.choices)
    allowed = serializers.BooleanField(help_text="Whether one may use it now, once or once more.")
    limit = serializers.IntegerField(allow_null=True, help_text="Null for any number.")
    used = serializers.IntegerField(allow_null=True, help_text="Null where nothing is counted.")
    left = serializers.IntegerField(allow_null=True)
    period_end = serializers.DateTimeField(
        allow_null=True, help_text="When what is metered begins at 0 again."
    )
    source = serializers.ChoiceField(choices=[source.value for source in Source])
    subscription_id = serializers.IntegerField(allow_null=True)


class EntitlementsSerializer(serializers.Serializer):
    """All of them, on one page."""

    next = serializers.URLField(allow_null=True)
    previous = serializers.URLField(allow_null=True)
    results = EntitlementSerializer(many=True)


def entitlement_as_json(one: Entitlement) -> dict[str, Any]:
    """Return what `EntitlementSerializer` shows."""
    is_boolean = one.kind == Feature.Kind.BOOLEAN
    return {
        "feature": one.feature,
        "name": one.name,
        "kind": one.kind,
        "allowed": one.is_allowed,
        "limit": None if is_boolean else one.limit,
        "used": None if is_boolean else one.used,
        "left": None if is_boolean else one.left,
        "period_end": one.ends_at if one.kind == Feature.Kind.METERED else None,
        "source": one.source.value,
        "subscription_id": one.subscription_id,
    }
