"""Figures over time: what one may ask for, and what comes back."""

from datetime import UTC, datetime, timedelta
from typing import Any

from django.core.validators import MaxValueValidator, MinValueValidator
from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

USUAL_STRETCH = timedelta(hours=1)

# Instants beyond these have no time in every zone.
COUNTABLE = [
    MinValueValidator(datetime(1970, 1, 2, tzinfo=UTC)),
    MaxValueValidator(datetime(2999, 12, 31, tzinfo=UTC)),
]


class SeriesQuery(serializers.Serializer):
    """Query parameters of the series; `asked()` fills in what was left out."""

    to = serializers.DateTimeField(
        required=False, validators=COUNTABLE, help_text=_("Now by default.")
    )
    route = serializers.CharField(
        required=False,
        max_length=200,
        help_text=_("One endpoint, by its name: GET /coocook/explore."),
    )
    host = serializers.CharField(required=False, max_length=255, help_text=_("One host."))

    def get_fields(self) -> dict[str, serializers.Field]:
        words = _("An hour before “to” by default.")
        return {
            "from": serializers.DateTimeField(required=False, validators=COUNTABLE, help_text=words)
        } | super().get_fields()

    def asked(self, now: datetime) -> dict[str, Any]:
        """Return the stretch and whose it is; raises ValidationError for a wrong one."""
        asked = dict(self.validated_data)
        end = asked.pop("to", now)
        start = asked.pop("from", None) or end - USUAL_STRETCH
        if start >= end:
            message = _("This is not after “from”.")
            raise serializers.ValidationError({"to": [message]}, code="not_after_from")
        return {"start": start, "end": end, **asked}


class SeriesSerializer(serializers.Serializer):
    """Columns of equal length: `at` in seconds since 1970, rates per second, times in ms, shares
    in percent, memory in MB. A row of nulls stands where nothing was sampled.
    """

    start = serializers.DateTimeField()
    end = serializers.DateTimeField()
    step = serializers.IntegerField(help_text=_("Seconds."))
    hosts = serializers.ListField(child=serializers.CharField())
    requests = serializers.IntegerField()
    statuses = serializers.DictField(child=serializers.FloatField())
    whole = serializers.DictField(child=serializers.FloatField(allow_null=True))
    columns = serializers.DictField(
        child=serializers.ListField(child=serializers.FloatField(allow_null=True))
    )
    latest = serializers.DateTimeField(allow_null=True)
