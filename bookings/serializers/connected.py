"""A connected calendar as JSON. What opens it is written and never shown."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from bookings.models import BusyCalendar
from softfactory.kernel.api.fields import StrictCharField, StrictModelSerializer, StrictSerializer


class NewConnectionSerializer(StrictSerializer):
    """Where a calendar is, and what opens it."""

    url = StrictCharField(
        max_length=1_000, help_text=_("Of the calendar, or of the server that it is on.")
    )
    username = StrictCharField(max_length=200)
    password = StrictCharField(max_length=200, trim_whitespace=False)
    name = StrictCharField(
        max_length=BusyCalendar._meta.get_field("name").max_length, default="", allow_blank=True
    )

    def validate_username(self, username: str) -> str:
        if ":" in username:  # RFC 7617, 2
            raise serializers.ValidationError(_("A user name has no colon."), code="invalid")
        return username


class ConnectedCalendarSerializer(StrictModelSerializer):
    """A calendar that is read and written, and how both fare."""

    read_problem = serializers.CharField(help_text=_("Empty if it could be read."))
    written_at = serializers.DateTimeField(allow_null=True)
    write_problem = serializers.CharField(help_text=_("Empty if bookings could be written."))
    left_at = serializers.DateTimeField(
        allow_null=True, help_text=_("Since when the events of bookings are being removed.")
    )

    class Meta:
        model = BusyCalendar
        fields = read_only_fields = [
            "id",
            "chef_id",
            "name",
            "host",
            "read_at",
            "read_problem",
            "written_at",
            "write_problem",
            "left_at",
            "created_at",
        ]


def connected_as_json(row: Mapping[str, Any]) -> dict[str, Any]:
    """Return what `ConnectedCalendarSerializer` shows, of the columns of `shown()`."""
    return {name: row[name] for name in ConnectedCalendarSerializer.Meta.fields}
