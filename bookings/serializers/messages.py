"""Messages between the two sides of a booking as JSON."""

from collections.abc import Mapping
from typing import Any

from bookings.models import Message
from softfactory.kernel.api.fields import StrictModelSerializer


class MessageSerializer(StrictModelSerializer):
    """What one side of a booking wrote to the other."""

    class Meta:
        model = Message
        fields = ["id", "author_id", "text", "created_at"]
        read_only_fields = ["author_id", "created_at"]


def message_as_json(row: Mapping[str, Any]) -> dict[str, Any]:
    """Return what `MessageSerializer` shows, of the columns of `shown()`."""
    return {name: row[name] for name in MessageSerializer.Meta.fields}
