"""A menu as JSON."""

from collections.abc import Mapping
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from bookings.models import Menu
from bookings.models.diets import DIETARY
from bookings.models.menu import ALLERGENS, LONGEST_COURSE, MOST_COURSES
from softfactory.kernel.api.fields import (
    MoneyField,
    StrictCharField,
    StrictModelSerializer,
    StrictSerializer,
)


class PictureSerializer(serializers.Serializer):
    """A picture, and its narrower copies."""

    url = serializers.CharField()
    alt = serializers.CharField()
    copies = serializers.ListField(
        child=serializers.DictField(), help_text=_("Each with its url and width.")
    )


class NewPictureSerializer(StrictSerializer):
    """A picture to be shown, and its words for who can't see it."""

    file = serializers.FileField(help_text=_("JPEG, PNG, WebP or GIF, up to 10 MB."))
    alt = StrictCharField(default="", max_length=300, allow_blank=True)


class MenuSerializer(StrictModelSerializer):
    """Courses at a price per guest."""

    courses = serializers.ListField(
        child=StrictCharField(max_length=LONGEST_COURSE), allow_empty=False, max_length=MOST_COURSES
    )
    price_per_guest = MoneyField()
    dietary = serializers.ListField(
        child=serializers.ChoiceField(choices=list(DIETARY)), required=False, max_length=20
    )
    allergens = serializers.ListField(
        child=serializers.ChoiceField(choices=list(ALLERGENS)), required=False, max_length=20
    )
    picture = PictureSerializer(read_only=True, allow_null=True)

    class Meta:
        model = Menu
        fields = [
            "id",
            "chef_id",
            "title",
            "description",
            "courses",
            "price_per_guest",
            "duration_hours",
            "min_guests",
            "max_guests",
            "dietary",
            "allergens",
            "is_active",
            "picture",
            "created_at",
            "updated_at",
        ]
        read_only_fields = ["chef_id", "created_at", "updated_at"]

    def validate_courses(self, courses: list[str]) -> list[str]:
        if any("\n" in course or "\r" in course for course in courses):
            raise serializers.ValidationError(_("A course is one line."), code="invalid")
        return courses

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if attrs.get("min_guests", 1) > attrs.get("max_guests", attrs.get("min_guests", 1)):
            message = _("The most guests are fewer than the fewest.")
            raise serializers.ValidationError({"max_guests": [message]}, code="min_value")
        return attrs


def menu_as_json(row: Mapping[str, Any]) -> dict[str, Any]:
    """Return what `MenuSerializer` shows, of the columns of `shown()`."""
    shown = {name: row[name] for name in MenuSerializer.Meta.fields if name in row}
    price = {"amount": row["price_per_guest_amount"], "currency": row["currency"]}
    return shown | {
        "courses": row["courses"].splitlines(),
        "price_per_guest": price,
        "picture": picture_as_json(row) if row["picture"] else None,
    }


def picture_as_json(row: Mapping[str, Any]) -> dict[str, Any]:
    """Return what `PictureSerializer` shows."""
    copies = [
        {"url": reverse("media", args=[name]), "width": width}
        for name, width in row["picture_copies"]
    ]
    url = reverse("media", args=[row["picture"]])
    return {"url": url, "alt": row["picture_alt"], "copies": copies}
