"""What is kept, JSON in and out: how often it serves, what to warm and what to clear."""

from typing import Any

from django.utils.translation import gettext as _
from rest_framework import serializers

from monitoring.services.caches.warming import CHEFS
from softfactory.kernel.api.fields import StrictCharField, StrictIntegerField, StrictSerializer


class WarmUpSerializer(StrictSerializer):
    """Of how many chefs to make the pages too, besides the lists."""

    chefs = StrictIntegerField(min_value=0, max_value=200, default=CHEFS)


class WarmedSerializer(serializers.Serializer):
    """How many answers are warm now, in every web process of the machine that was asked."""

    status = serializers.CharField()
    items_warmed = serializers.IntegerField()


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
