"""Places in lines as JSON."""

from collections.abc import Mapping
from typing import Any

from rest_framework import serializers

from bookings.models import WaitlistEntry
from bookings.models.booking import LONGEST_HOURS
from bookings.serializers.bookings import LARGEST_ID, MOST_GUESTS
from softfactory.kernel.api.fields import (
    StrictIntegerField,
    StrictModelSerializer,
    StrictSerializer,
)


class WishSerializer(StrictSerializer):
    """A chef's day that one would have."""

    chef_id = StrictIntegerField(min_value=1, max_value=LARGEST_ID)
    date = serializers.DateField()
    duration_hours = StrictIntegerField(default=2, min_value=1, max_value=LONGEST_HOURS)
    guests = StrictIntegerField(default=1, min_value=1, max_value=MOST_GUESTS)


class WaitlistSerializer(StrictModelSerializer):
    """A place in a line: 1 is the first one. What is offered is a booking, held for a while."""

    place = serializers.IntegerField(read_only=True)
    held_until = serializers.DateTimeField(read_only=True, allow_null=True)

    class Meta:
        model = WaitlistEntry
        fields = read_only_fields = [
            "id",
            "chef_id",
            "date",
            "duration_hours",
            "guests",
            "status",
            "place",
            "booking_id",
            "held_until",
            "created_at",
        ]


def entry_as_json(row: Mapping[str, Any]) -> dict[str, Any]:
    """Return what `WaitlistSerializer` shows, of the columns of `shown()`."""
    return {name: row[name] for name in WaitlistSerializer.Meta.fields}
