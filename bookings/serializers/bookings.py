"""Bookings as JSON: what their parties see, what a customer asks for, what may be changed."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from bookings.models import Booking
from bookings.models.booking import LONGEST_HOURS
from bookings.services.repeating import Occurrence
from bookings.slots import Place, Reason
from softfactory.kernel.api.fields import (
    InstantField,
    MoneyField,
    StrictBooleanField,
    StrictCharField,
    StrictFloatField,
    StrictIntegerField,
    StrictModelSerializer,
    StrictSerializer,
)

LARGEST_ID = 2**63 - 1
MOST_IN_BATCH = 50
MOST_REPEATS, MOST_WEEKS = 50, 52
MOST_GUESTS = 2**15 - 1  # what a row can hold; how many a chef takes is the chef's word
LONGEST_ADDRESS = Booking._meta.get_field("address").max_length
LONGEST_REQUESTS = Booking._meta.get_field("special_requests").max_length


class BookingSerializer(StrictModelSerializer):
    """A booking, as its customer and the chef's owner see it."""

    total_price = MoneyField(read_only=True)

    class Meta:
        model = Booking
        fields = read_only_fields = [
            "id",
            "chef_id",
            "customer_id",
            "starts_at",
            "ends_at",
            "timezone",
            "duration_hours",
            "guests",
            "status",
            "payment_status",
            "total_price",
            "menu_id",
            "menu_title",
            "special_requests",
            "address",
            "latitude",
            "longitude",
            "travel_minutes",
            "expires_at",
            "created_at",
            "updated_at",
        ]


def booking_as_json(row: Mapping[str, Any]) -> dict[str, Any]:
    """Return what `BookingSerializer` shows, of the columns of `shown()`."""
    return {
        "id": row["id"],
        "chef_id": row["chef_id"],
        "customer_id": row["customer_id"],
        "starts_at": row["starts_at"],
        "ends_at": row["ends_at"],
        "timezone": row["timezone"],
        "duration_hours": row["duration_hours"],
        "guests": row["guests"],
        "status": row["status"],
        "payment_status": row["payment_status"],
        "total_price": {"amount": row["total_amount"], "currency": row["currency"]},
        "menu_id": row["menu_id"],
        "menu_title": row["menu_title"],
        "special_requests": row["special_requests"],
        "address": row["address"],
        "latitude": row["latitude"],
        "longitude": row["longitude"],
        "travel_minutes": row["travel_minutes"],
        "expires_at": row["expires_at"],
        "created_at": row["created_at"],
        "updated_at": row["updated_at"],
    }


def tell_booking(pk: int) -> dict[str, Any]:
    """Return what webhooks tell of a booking: as the API shows it."""
    return booking_as_json(Booking.objects.filter(pk=pk).shown().get())


class BatchItemSerializer(StrictSerializer):
    """One of several bookings: `starts_at`, or `booking_date` for its first free start."""

    chef_id = StrictIntegerField(min_value=1, max_value=LARGEST_ID)
    starts_at = InstantField(required=False)
    booking_date = serializers.DateField(
        required=False, help_text=_("In the chef's zone; the first free start of that day.")
    )
    duration_hours = StrictIntegerField(default=2, min_value=1, max_value=LONGEST_HOURS)
    menu_id = StrictIntegerField(
        required=False,
        min_value=1,
        max_value=LARGEST_ID,
        help_text=_("One of the chef's menus, which says how long the visit is."),
    )
    guests = StrictIntegerField(default=1, min_value=1, max_value=MOST_GUESTS)
    special_requests = StrictCharField(default="", allow_blank=True, max_length=LONGEST_REQUESTS)

    address = StrictCharField(
        default="",
        allow_blank=True,
        max_length=LONGEST_ADDRESS,
        help_text=_("Where the visit is. One that names a place which the site knows is there."),
    )
    latitude = StrictFloatField(required=False, min_value=-90, max_value=90)
    longitude = StrictFloatField(required=False, min_value=-180, max_value=180)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if ("latitude" in attrs) != ("longitude" in attrs):
            message = _("Send both “latitude” and “longitude”.")
            raise serializers.ValidationError({"latitude": [message]}, code="half_a_place")
        if "latitude" in attrs:
            attrs["place"] = Place(attrs.pop("latitude"), attrs.pop("longitude"))
        if ("starts_at" in attrs) == ("booking_date" in attrs):
            message = _("Send either “starts_at” or “booking_date”.")
            raise serializers.ValidationError({"starts_at": [message]}, code="start_or_date")
        return attrs


class BookingRequestSerializer(BatchItemSerializer):
    """What a customer asks for. A hold keeps the time for some minutes, until it is confirmed."""

    hold = StrictBooleanField(default=False)


class BatchSerializer(StrictSerializer):
    """Several bookings, all or none."""

    bookings = BatchItemSerializer(many=True, allow_empty=False, max_length=MOST_IN_BATCH)


class BatchCreatedSerializer(serializers.Serializer):
    """The bookings that a batch made, in its order."""

    created = serializers.IntegerField()
    bookings = BookingSerializer(many=True)


class RescheduleSerializer(StrictSerializer):
    """Another time for a booking; it lasts as long as before unless it says so."""

    starts_at = InstantField()
    duration_hours = StrictIntegerField(required=False, min_value=1, max_value=LONGEST_HOURS)


class BookingEditSerializer(StrictSerializer):
    """What a customer may change of a booking."""

    guests = StrictIntegerField(required=False, min_value=1, max_value=MOST_GUESTS)
    special_requests = StrictCharField(
        required=False, allow_blank=True, max_length=LONGEST_REQUESTS
    )


class RepeatSerializer(StrictSerializer):
    """How often, and how many weeks apart."""

    times = StrictIntegerField(min_value=2, max_value=MOST_REPEATS)
    every_weeks = StrictIntegerField(default=1, min_value=1, max_value=MOST_WEEKS)


class RecurringSerializer(BatchItemSerializer):
    """What a customer asks for again and again, from its first start on."""

    repeat = RepeatSerializer()
    check = StrictBooleanField(
        default=False, help_text=_("Only say which of the times can be had; book nothing.")
    )

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if "starts_at" not in attrs:
            message = _("Send “starts_at” of the first time.")
            raise serializers.ValidationError({"starts_at": [message]}, code="required")
        return super().validate(attrs)


class OccurrenceSerializer(serializers.Serializer):
    """One of the times, and why it can't be had, null if it can."""

    starts_at = serializers.DateTimeField()
    local = serializers.CharField(help_text=_("The chef's clock then, as 2027-03-28T09:00."))
    reason = serializers.ChoiceField(choices=[reason.value for reason in Reason], allow_null=True)


class RecurringAnswerSerializer(BatchCreatedSerializer):
    """The bookings that were made; for a check, the times that were asked for."""

    occurrences = OccurrenceSerializer(many=True, required=False)


def occurrence_as_json(occurrence: Occurrence) -> dict[str, Any]:
    """Return what `OccurrenceSerializer` shows."""
    return {
        "starts_at": occurrence.starts_at,
        "local": occurrence.local.isoformat(timespec="minutes"),
        "reason": occurrence.reason,
    }
