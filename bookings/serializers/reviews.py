"""Reviews as JSON: those of a chef, and the two of a booking."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from bookings.models import Booking, GuestReview, Review
from bookings.services.reviews import Opinion
from softfactory.kernel.api.fields import (
    StrictBooleanField,
    StrictCharField,
    StrictModelSerializer,
    StrictSerializer,
)


class ReviewSerializer(StrictModelSerializer):
    """What a customer said of a chef, under the name of that moment, and the chef's answer."""

    class Meta:
        model = Review
        fields = ["id", "rating", "text", "author_name", "answer", "answered_at", "created_at"]
        read_only_fields = ["author_name", "answer", "answered_at", "created_at"]
        extra_kwargs = {"text": {"default": ""}}


class OpinionSerializer(StrictModelSerializer):
    """What one side of a booking says; the other reads it once `published_at`, `due_at` at last."""

    author_name = serializers.CharField(read_only=True)
    may_be_quoted = StrictBooleanField(
        default=False,
        help_text=_("Whether the chef may quote it in posts, with the author's name."),
    )

    class Meta:
        model = GuestReview
        fields = [
            "id",
            "rating",
            "text",
            "author_name",
            "may_be_quoted",
            "created_at",
            "due_at",
            "published_at",
        ]
        read_only_fields = ["created_at", "due_at", "published_at"]
        extra_kwargs = {"text": {"default": ""}}


class QuotingSerializer(StrictSerializer):
    """Whether the chef may quote what a customer said."""

    may_be_quoted = StrictBooleanField()


class AnswerSerializer(StrictSerializer):
    """What a chef answers to a review."""

    text = StrictCharField(max_length=Review._meta.get_field("answer").max_length)


class BookingReviewsSerializer(serializers.Serializer):
    """What both sides of a booking say, as far as the one who asks may read it."""

    of_chef = OpinionSerializer(allow_null=True)
    of_guest = OpinionSerializer(allow_null=True)


def review_as_json(row: Mapping[str, Any]) -> dict[str, Any]:
    """Return what `ReviewSerializer` shows, of the columns of `shown()`."""
    return {name: row[name] for name in ReviewSerializer.Meta.fields}


def opinion_as_json(opinion: Opinion) -> dict[str, Any]:
    """Return what `OpinionSerializer` shows."""
    is_of_chef = isinstance(opinion, Review)
    return {
        "id": opinion.pk,
        "rating": opinion.rating,
        "text": opinion.text,
        "author_name": opinion.author_name if is_of_chef else opinion.booking.chef.name,
        "may_be_quoted": is_of_chef and opinion.may_be_quoted,
        "created_at": opinion.created_at,
        "due_at": opinion.due_at,
        "published_at": opinion.published_at,
    }


def reviews_as_json(booking: Booking, reader_id: int) -> dict[str, Any]:
    """Return what `BookingReviewsSerializer` shows one of the two sides."""
    own = "of_chef" if booking.customer_id == reader_id else "of_guest"
    said = {"of_chef": booking.review_of_chef, "of_guest": booking.review_of_guest}
    return {
        name: opinion_as_json(opinion)
        if opinion and (opinion.published_at or name == own)
        else None
        for name, opinion in said.items()
    }
