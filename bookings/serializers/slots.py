"""The free times of a chef as JSON, and what one may ask about them."""

from datetime import date, timedelta
from typing import Any

from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from bookings.models.booking import LONGEST_HOURS
from bookings.slots import Place, Reason, Refused, Slot

MOST_DAYS = 62
USUAL_DAYS = 7
USUAL_HOURS = 2


class SlotQuery(serializers.Serializer):
    """Query parameters of the free times; `days()` and `hours()` fill in what was left out."""

    to = serializers.DateField(required=False, help_text=_("Included; 6 days later by default."))
    duration_hours = serializers.IntegerField(
        required=False,
        min_value=1,
        max_value=LONGEST_HOURS,
        help_text=_("By default 2, or the shortest duration where 2 is not on offer."),
    )
    latitude = serializers.FloatField(
        required=False,
        min_value=-90,
        max_value=90,
        help_text=_("Where the visit would be; with it, the chef's way there is counted."),
    )
    longitude = serializers.FloatField(required=False, min_value=-180, max_value=180)
    explain = serializers.BooleanField(default=False, help_text=_("Say why others are not free."))

    def get_fields(self) -> dict[str, serializers.Field]:
        words = _("In the chef's zone, included; today by default.")
        return {
            "from": serializers.DateField(required=False, help_text=words)
        } | super().get_fields()

    def days(self, today: date) -> tuple[date, date]:
        """Return the first and last date asked for; raises ValidationError for a wrong range."""
        first = self.validated_data.get("from", today)
        usual = min(first.toordinal() + USUAL_DAYS - 1, date.max.toordinal())
        last = self.validated_data.get("to", date.fromordinal(usual))
        if last < first:
            raise _wrong_end(_("This is before “from”."), "before_from")
        if last - first >= timedelta(days=MOST_DAYS):
            message = _("Ask for %(most)s days at most.") % {"most": MOST_DAYS}
            raise _wrong_end(message, "too_many_days")
        return first, last

    def place(self) -> Place | None:
        """Return where the visit would be; raises ValidationError for half of that."""
        degrees = [self.validated_data.get(name) for name in ("latitude", "longitude")]
        if None not in degrees:
            return Place(*degrees)
        if degrees != [None, None]:
            message = _("Send both “latitude” and “longitude”.")
            raise serializers.ValidationError({"latitude": [message]}, code="half_a_place")
        return None

    def hours(self, durations: list[int]) -> int:
        """Return the duration asked for, or the one that most people want."""
        usual = USUAL_HOURS if USUAL_HOURS in durations else min(durations, default=USUAL_HOURS)
        return self.validated_data.get("duration_hours", usual)


def _wrong_end(message: str, code: str) -> serializers.ValidationError:
    return serializers.ValidationError({"to": [message]}, code=code)


class SlotSerializer(serializers.Serializer):
    """A start that can be booked."""

    starts_at = serializers.DateTimeField()
    local = serializers.CharField(help_text=_("The chef's clock then, as 2027-03-28T09:00."))

    def to_representation(self, instance: Slot) -> dict[str, Any]:
        return {
            "starts_at": instance.starts_at.isoformat().replace("+00:00", "Z"),
            "local": instance.local.isoformat(timespec="minutes"),
        }


class RefusedSerializer(serializers.Serializer):
    """A local time that can't be booked."""

    local = serializers.CharField()
    reason = serializers.ChoiceField(choices=[reason.value for reason in Reason])

    def to_representation(self, instance: Refused) -> dict[str, str]:
        return {"local": instance.local.isoformat(timespec="minutes"), "reason": instance.reason}


class SlotsSerializer(serializers.Serializer):
    """The free times, and the others where the request asked why."""

    slots = SlotSerializer(many=True)
    refused = RefusedSerializer(many=True, required=False)
