"""A review as JSON."""

from collections.abc import Mapping
from typing import Any

from bookings.models import Review
from softfactory.kernel.api.fields import StrictModelSerializer


class ReviewSerializer(StrictModelSerializer):
    """What a customer said of a booking, under the name of that moment."""

    class Meta:
        model = Review
        fields = ["id", "rating", "text", "author_name", "created_at"]
        read_only_fields = ["author_name", "created_at"]
        extra_kwargs = {"text": {"default": ""}}


def review_as_json(row: Mapping[str, Any]) -> dict[str, Any]:
    """Return what `ReviewSerializer` shows, of the columns of `shown()`."""
    return {name: row[name] for name in ReviewSerializer.Meta.fields}
