"""A chef as JSON: what customers see, and what its owner may set."""

from collections.abc import Mapping
from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from bookings.models import Chef
from bookings.models.chef import STARS
from softfactory.kernel.api.fields import MoneyField, StrictCharField, StrictModelSerializer
from softfactory.kernel.assets import picture_url
from softfactory.kernel.money import Money
from softfactory.kernel.zones import validate_zone

# How many gave how many stars, by the name it has in JSON.
STAR_COLUMNS = {str(stars): f"stars_{stars}" for stars in STARS}


@extend_schema_field(
    {
        "type": "object",
        "description": "How many gave how many stars.",
        "required": list(STAR_COLUMNS),
        "properties": {stars: {"type": "integer", "minimum": 0} for stars in STAR_COLUMNS},
    }
)
class RatingCountsField(serializers.Field):
    """`{"5": 12, "4": 3, …}`."""

    def to_representation(self, counts: dict[int, int]) -> dict[str, int]:
        return {str(stars): count for stars, count in counts.items()}


class ChefSerializer(StrictModelSerializer):
    """A chef. What a POST or PUT leaves out has its default; the zone stays as it is."""

    timezone = StrictCharField(required=False, max_length=64, validators=[validate_zone])
    hourly_rate = MoneyField()
    session_rate = MoneyField(required=False)
    price_per_guest = MoneyField(required=False)
    rating = serializers.FloatField(read_only=True, allow_null=True)
    rating_counts = RatingCountsField(read_only=True)
    picture = serializers.SerializerMethodField()

    class Meta:
        model = Chef
        fields = [
            "id",
            "owner_id",
            "name",
            "bio",
            "cuisine",
            "location",
            "timezone",
            "hourly_rate",
            "session_rate",
            "price_per_guest",
            "max_guests",
            "is_active",
            "instant_booking",
            "rating",
            "review_count",
            "rating_counts",
            "picture",
            "created_at",
            "updated_at",
        ]
        read_only_fields = ["owner_id", "review_count", "created_at", "updated_at"]
        extra_kwargs = {
            "bio": {"default": ""},
            "max_guests": {"default": Chef._meta.get_field("max_guests").default},
            "is_active": {"default": True},
            "instant_booking": {"default": False},
        }

    def get_picture(self, chef: Chef) -> str | None:
        return picture_url(chef.picture) if chef.picture else None

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if not self.partial:
            nothing = Money(0, attrs["hourly_rate"].currency)
            attrs = {"session_rate": nothing, "price_per_guest": nothing} | attrs
        return attrs


def chef_as_json(row: Mapping[str, Any]) -> dict[str, Any]:
    """Return what `ChefSerializer` shows, of the columns of `shown()`."""
    currency = row["currency"]
    return {
        "id": row["id"],
        "owner_id": row["owner_id"],
        "name": row["name"],
        "bio": row["bio"],
        "cuisine": row["cuisine"],
        "location": row["location"],
        "timezone": row["timezone"],
        "hourly_rate": {"amount": row["hourly_rate_amount"], "currency": currency},
        "session_rate": {"amount": row["session_rate_amount"], "currency": currency},
        "price_per_guest": {"amount": row["price_per_guest_amount"], "currency": currency},
        "max_guests": row["max_guests"],
        "is_active": row["is_active"],
        "instant_booking": row["instant_booking"],
        "rating": row["rating_hundredths"] / 100 if row["review_count"] else None,
        "review_count": row["review_count"],
        "rating_counts": {stars: row[column] for stars, column in STAR_COLUMNS.items()},
        "picture": picture_url(row["picture"]) if row["picture"] else None,
        "created_at": row["created_at"],
        "updated_at": row["updated_at"],
    }
