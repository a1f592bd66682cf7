"""What is kept, JSON in and out: what to clear, and what moved."""

from typing import Any

from django.utils.translation import gettext as _
from rest_framework import serializers

from softfactory.kernel.api.fields import StrictCharField, StrictSerializer


class ClearSerializer(StrictSerializer):
    """What to clear: a tag, what lies below an address, or everything."""

    tag = StrictCharField(max_length=100, required=False)
    prefix = StrictCharField(max_length=2000, required=False)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if len(attrs) > 1:
            message = _("Send a tag or a prefix, not both.")
            raise serializers.ValidationError({"prefix": message}, code="either_or")
        return attrs


class ClearedSerializer(serializers.Serializer):
    """The generations that moved, so that what follows them is made anew."""

    status = serializers.CharField()
    moved = serializers.ListField(child=serializers.CharField())


class UsesSerializer(serializers.Serializer):
    """How often something was there; `hit_rate` in percent, null before the first request."""

    hits = serializers.IntegerField()
    misses = serializers.IntegerField()
    hit_rate = serializers.FloatField(allow_null=True)
    total_requests = serializers.IntegerField()


class LayerSerializer(UsesSerializer):
    """One layer: `ready`, `reads`, or a cache by its name."""

    name = serializers.CharField()


class StatsSerializer(UsesSerializer):
    """All public reads; `cached_items` are the entries of the default cache, null if it is away."""

    cached_items = serializers.IntegerField(allow_null=True)
    layers = LayerSerializer(many=True)
