"""A chef's availability as JSON: one document, which a PUT replaces as a whole."""

from collections.abc import Hashable, Sequence
from dataclasses import replace
from typing import Any

from django.utils.translation import gettext_lazy as _
from rest_framework import serializers
from rest_framework.exceptions import ErrorDetail

from bookings.models.availability import MOST_EXCEPTIONS
from bookings.models.booking import LONGEST_HOURS
from bookings.models.chef import (
    FASTEST_KMH,
    FURTHEST_KM,
    MAX_BUFFER_MINUTES,
    MAX_HORIZON_DAYS,
    MOST_PER_DAY,
)
from bookings.serializers.fields import DAY, TimeOfDayField, ZoneField, validate_quarters
from bookings.slots import DatedWindow, Schedule, Travel, WeeklyWindow
from softfactory.kernel.api.fields import (
    StrictBooleanField,
    StrictFloatField,
    StrictIntegerField,
    StrictSerializer,
)

MOST_RULES = 200


class RuleSerializer(StrictSerializer):
    """Hours of one weekday. An end that is not after the start is on the next day."""

    weekday = StrictIntegerField(min_value=0, max_value=6, help_text=_("Monday is 0."))
    starts_at = TimeOfDayField(source="starts")
    ends_at = TimeOfDayField(source="ends", is_end=True)

    def to_internal_value(self, data: Any) -> WeeklyWindow:
        return WeeklyWindow(**super().to_internal_value(data))


class ExceptionSerializer(StrictSerializer):
    """A date that differs: closed, or with hours of its own, one entry for each."""

    date = serializers.DateField()
    closed = StrictBooleanField(required=False)
    starts_at = TimeOfDayField(source="starts", required=False)
    ends_at = TimeOfDayField(source="ends", is_end=True, required=False)

    def to_representation(self, instance: DatedWindow) -> dict[str, Any]:
        if instance.starts is None:
            return {"date": instance.date.isoformat(), "closed": True}
        shown = super().to_representation(instance)
        return {name: shown[name] for name in ("date", "starts_at", "ends_at")}

    def to_internal_value(self, data: Any) -> DatedWindow:
        values = super().to_internal_value(data)
        is_closed = values.pop("closed", False)
        hours = values.keys() & {"starts", "ends"}
        if len(hours) != (0 if is_closed else 2):
            message = _('Send either "closed": true, or both "starts_at" and "ends_at".')
            raise serializers.ValidationError(message, code="closed_or_hours")
        return DatedWindow(values["date"], values.get("starts"), values.get("ends"))


class TravelSerializer(StrictSerializer):
    """Where a chef sets out from, how fast, and how far at most."""

    latitude = StrictFloatField(min_value=-90, max_value=90)
    longitude = StrictFloatField(min_value=-180, max_value=180)
    speed_kmh = StrictIntegerField(min_value=1, max_value=FASTEST_KMH)
    most_km = StrictIntegerField(default=None, allow_null=True, min_value=1, max_value=FURTHEST_KM)

    def to_internal_value(self, data: Any) -> Travel:
        return Travel(**super().to_internal_value(data))


class AvailabilitySerializer(StrictSerializer):
    """The whole of a chef's availability; a `Schedule` inside. All fields are needed."""

    timezone = ZoneField(source="zone")
    rules = RuleSerializer(source="weekly", many=True, max_length=MOST_RULES)
    exceptions = ExceptionSerializer(source="dated", many=True, max_length=MOST_EXCEPTIONS)
    buffer_before_minutes = StrictIntegerField(
        source="buffer_before",
        min_value=0,
        max_value=MAX_BUFFER_MINUTES,
        validators=[validate_quarters],
    )
    buffer_after_minutes = StrictIntegerField(
        source="buffer_after",
        min_value=0,
        max_value=MAX_BUFFER_MINUTES,
        validators=[validate_quarters],
    )
    minimum_notice_minutes = StrictIntegerField(
        source="minimum_notice", min_value=0, max_value=MAX_HORIZON_DAYS * DAY
    )
    horizon_days = StrictIntegerField(min_value=1, max_value=MAX_HORIZON_DAYS)
    durations = serializers.ListField(
        child=StrictIntegerField(min_value=1, max_value=LONGEST_HOURS),
        min_length=1,
        max_length=LONGEST_HOURS,
        help_text=_("Hours that one may book the chef for, each once."),
    )
    slot_step_minutes = StrictIntegerField(
        source="step", min_value=15, max_value=DAY, validators=[validate_quarters]
    )

    bookings_per_day = StrictIntegerField(
        source="per_day",
        min_value=1,
        max_value=MOST_PER_DAY,
        default=None,
        allow_null=True,
        help_text=_("Bookings that start on one date, at most; null or left out: as many as fit."),
    )

    travel = TravelSerializer(
        default=None,
        allow_null=True,
        help_text=_("With it, the way to a visit is kept free before and after it."),
    )

    def to_representation(self, instance: Schedule) -> dict[str, Any]:
        weekly = sorted(instance.weekly, key=lambda rule: (rule.weekday, rule.starts))
        dated = sorted(instance.dated, key=lambda row: (row.date, row.starts or 0))
        return super().to_representation(replace(instance, weekly=weekly, dated=dated))

    def validate_rules(self, rules: list[WeeklyWindow]) -> list[WeeklyWindow]:
        _refuse_repeated([(rule.weekday, rule.starts) for rule in rules], "starts_at")
        return rules

    def validate_exceptions(self, rows: list[DatedWindow]) -> list[DatedWindow]:
        _refuse_repeated([(row.date, row.starts) for row in rows], "date")
        closed = {row.date for row in rows if row.starts is None}
        both = [row.starts is not None and row.date in closed for row in rows]
        _refuse(both, "date", _("This date is closed by another entry."), "closed_or_hours")
        return rows

    def validate_durations(self, durations: list[int]) -> tuple[int, ...]:
        if len(set(durations)) != len(durations):
            raise serializers.ValidationError(_("Send each duration once."), code="repeated")
        return tuple(sorted(durations))

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        windows = {name: tuple(attrs[name]) for name in ("weekly", "dated")}
        return {"schedule": Schedule(**attrs | windows)}


def _refuse_repeated(keys: Sequence[Hashable], field: str) -> None:
    seen: set[Hashable] = set()
    repeated = []
    for key in keys:
        repeated.append(key in seen)
        seen.add(key)
    _refuse(repeated, field, _("Another entry starts at the same time."), "repeated")


def _refuse(is_wrong: Sequence[bool], field: str, message: str, code: str) -> None:
    """Raise ValidationError that names `field` of every entry that is wrong."""
    if any(is_wrong):
        error = {field: [ErrorDetail(message, code=code)]}
        raise serializers.ValidationError([error if wrong else {} for wrong in is_wrong])
