"""What several bodies hold: times of a day, zones, and numbers of quarter hours."""

import re
from typing import Any
from zoneinfo import ZoneInfo

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from softfactory.kernel.api.fields import StrictCharField
from softfactory.kernel.zones import validate_zone, zone

DAY = 24 * 60
QUARTER = 15
TIME_OF_DAY = re.compile("([01][0-9]|2[0-3]):[0-5][0-9]|24:00")


def validate_quarters(minutes: int) -> None:
    """Raise ValidationError (code `off_quarter`) unless these are whole quarter hours."""
    if minutes % QUARTER:
        raise ValidationError(_("Send a multiple of 15 minutes."), code="off_quarter")


def minutes_after_midnight(text: str) -> int | None:
    """Return 570 for "09:30", None for what is no time from 00:00 to 24:00."""
    if not TIME_OF_DAY.fullmatch(text):
        return None
    return int(text[:2]) * 60 + int(text[3:])


def time_of_day(minutes: int) -> str:
    """Return "09:30" for 570 minutes after midnight."""
    return f"{minutes // 60:02}:{minutes % 60:02}"


@extend_schema_field({"type": "string", "pattern": "^([01][0-9]|2[0-3]):(00|15|30|45)$|^24:00$"})
class TimeOfDayField(serializers.Field):
    """`"09:30"` on a quarter hour; minutes after midnight inside. An end may be `"24:00"`."""

    default_error_messages = {
        "invalid": _('Send a time of the day as "09:30".'),
        "off_quarter": _("Send a time on a quarter hour: :00, :15, :30 or :45."),
    }

    def __init__(self, *, is_end: bool = False, **options: Any) -> None:
        self.last = DAY if is_end else DAY - 1
        super().__init__(**options)

    def to_representation(self, value: int) -> str:
        return time_of_day(value)

    def to_internal_value(self, data: Any) -> int:
        minutes = minutes_after_midnight(data) if isinstance(data, str) else None
        if minutes is None or minutes > self.last:
            self.fail("invalid")
        if minutes % QUARTER:
            self.fail("off_quarter")
        return minutes


@extend_schema_field({"type": "string", "examples": ["Asia/Seoul"]})
class ZoneField(StrictCharField):
    """The IANA name of a time zone; a ZoneInfo inside."""

    def to_representation(self, value: ZoneInfo) -> str:
        return value.key

    def to_internal_value(self, data: Any) -> ZoneInfo:
        name = super().to_internal_value(data)
        validate_zone(name)
        return zone(name)
