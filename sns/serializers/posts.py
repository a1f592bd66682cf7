"""Posts as JSON: what is written, where it goes, when, and what the team says."""

from collections.abc import Mapping
from operator import itemgetter
from typing import Any

from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from bookings.models import Chef, Review
from sns.models import Post
from sns.models.post import MOST_LATENESS, MOST_TEXT
from softfactory.kernel.api.fields import (
    InstantField,
    StrictCharField,
    StrictIntegerField,
    StrictModelSerializer,
    StrictSerializer,
)
from softfactory.kernel.zones import validate_zone

LARGEST_ID = 2**63 - 1


class IdField(StrictIntegerField):
    """The id of a row."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(min_value=1, max_value=LARGEST_ID, **kwargs)


class VariantSerializer(StrictSerializer):
    """What a post says on one account instead."""

    account_id = IdField()
    text = StrictCharField(max_length=MOST_TEXT, allow_blank=True, trim_whitespace=False)


class SlotOfPostSerializer(StrictSerializer):
    """The chef's free time that a post tells of."""

    chef_id = IdField()
    starts_at = InstantField()
    ends_at = InstantField()
    on_taken = serializers.ChoiceField(
        choices=Post.OnTaken.choices,
        default=Post.OnTaken.SKIP,
        help_text=_("Once it is taken: not published, or deleted too."),
    )


class MarksSerializer(StrictSerializer):
    """Marks in links, each as utm_…; the source is the network's unless said."""

    source = StrictCharField(required=False, max_length=100)
    medium = StrictCharField(required=False, max_length=100)
    campaign = StrictCharField(required=False, max_length=100)
    term = StrictCharField(required=False, max_length=100)
    content = StrictCharField(required=False, max_length=100)


class PostSerializer(StrictModelSerializer):
    """A post."""

    account_ids = serializers.ListField(child=IdField(), read_only=True)
    variants = VariantSerializer(many=True, read_only=True)
    media = serializers.ListField(child=IdField(), read_only=True)
    utm = MarksSerializer(read_only=True)
    slot = SlotOfPostSerializer(read_only=True, allow_null=True)
    recurrence = serializers.DictField(read_only=True, allow_null=True)

    class Meta:
        model = Post
        fields = read_only_fields = [
            "id",
            "owner_id",
            "author_id",
            "state",
            "text",
            "title",
            "link",
            "account_ids",
            "variants",
            "media",
            "utm",
            "campaign_id",
            "scheduled_at",
            "timezone",
            "late_minutes",
            "recurrence",
            "repetition_of_id",
            "slot",
            "review_id",
            "approved_by_id",
            "created_at",
            "updated_at",
        ]


def post_as_json(row: Mapping[str, Any]) -> dict[str, Any]:
    """Return what `PostSerializer` shows, of the columns of `shown()`."""
    variants = sorted(row["variant_rows"] or (), key=itemgetter("id"))
    pictures = sorted(row["picture_rows"] or (), key=itemgetter("position"))
    made: dict[str, Any] = {
        "account_ids": [variant["account_id"] for variant in variants],
        "variants": [
            {"account_id": variant["account_id"], "text": variant["text"]}
            for variant in variants
            if variant["text"]
        ],
        "media": [picture["media_id"] for picture in pictures],
        "slot": _slot(row),
    }
    return {name: made[name] if name in made else row[name] for name in PostSerializer.Meta.fields}


def _slot(row: Mapping[str, Any]) -> dict[str, Any] | None:
    if row["chef_id"] is None:
        return None
    times = {"starts_at": row["slot_starts_at"], "ends_at": row["slot_ends_at"]}
    return {"chef_id": row["chef_id"], **times, "on_taken": row["on_taken"]}


class PostEditSerializer(StrictSerializer):
    """What is written of a post."""

    text = StrictCharField(
        required=False, allow_blank=True, max_length=MOST_TEXT, trim_whitespace=False
    )
    title = StrictCharField(required=False, allow_blank=True, max_length=200)
    link = serializers.URLField(required=False, allow_blank=True, max_length=2_000)
    account_ids = serializers.ListField(child=IdField(), required=False, max_length=50)
    variants = VariantSerializer(many=True, required=False, max_length=50)
    media = serializers.ListField(child=IdField(), required=False, max_length=10)
    utm = MarksSerializer(required=False)
    campaign_id = IdField(required=False, allow_null=True)
    timezone = StrictCharField(required=False, max_length=64, validators=[validate_zone])
    late_minutes = StrictIntegerField(required=False, min_value=1, max_value=MOST_LATENESS)
    recurrence = serializers.DictField(
        required=False,
        allow_null=True,
        help_text=_(
            "`{weeks, weekdays, at, since, until}`: every so many weeks, on these days (Monday 0),"
            " at this time of the post's zone."
        ),
    )
    slot = SlotOfPostSerializer(required=False, allow_null=True)
    review_id = IdField(required=False, allow_null=True)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """Return what `write_post` and `edit_post` take."""
        wanted = {name: attrs.pop(name) for name in ("recurrence", "utm") if name in attrs}
        renamed = {"account_ids": "accounts", "campaign_id": "campaign"}
        if "variants" in attrs:
            rows = attrs.pop("variants")
            wanted["variants"] = {row["account_id"]: row["text"] for row in rows}
        if "slot" in attrs:
            wanted |= _read_slot(attrs.pop("slot"))
        if "review_id" in attrs:
            wanted["review"] = _read_review(attrs.pop("review_id"))
        return {renamed.get(name, name): value for name, value in attrs.items()} | wanted


class NewPostSerializer(PostEditSerializer):
    """A post to be written, and scheduled at once if it has a time."""

    workspace_id = IdField(required=False, help_text=_("Whose post it is; yours unless said."))
    scheduled_at = InstantField(required=False)


def _read_slot(slot: Mapping[str, Any] | None) -> dict[str, Any]:
    if slot is None:
        return {"chef": None, "slot_starts_at": None, "slot_ends_at": None}
    chef = Chef.objects.filter(pk=slot["chef_id"]).first()
    if chef is None:
        raise serializers.ValidationError({"slot": _("There is no such chef.")}, code="unknown")
    times = {"slot_starts_at": slot["starts_at"], "slot_ends_at": slot["ends_at"]}
    return {"chef": chef, **times, "on_taken": slot["on_taken"]}


def _read_review(pk: int | None) -> Review | None:
    if pk is None:
        return None
    review = Review.objects.published().select_related("chef").filter(pk=pk).first()
    if review is None:
        raise serializers.ValidationError(
            {"review_id": _("There is no such review.")}, code="unknown"
        )
    return review


class ScheduleSerializer(StrictSerializer):
    """When a post goes out."""

    scheduled_at = InstantField()


class RetrySerializer(StrictSerializer):
    """On which accounts it is tried again; on all where it failed if left out."""

    account_ids = serializers.ListField(child=IdField(), required=False, max_length=50)


class SendBackSerializer(StrictSerializer):
    """What is to be changed."""

    text = StrictCharField(default="", allow_blank=True, max_length=2_000)


class NewCommentSerializer(StrictSerializer):
    """What somebody says."""

    text = StrictCharField(max_length=2_000)


class CommentSerializer(serializers.Serializer):
    """What somebody on the team said about a post."""

    id = serializers.IntegerField()
    author_id = serializers.IntegerField()
    text = serializers.CharField()
    created_at = serializers.DateTimeField()


class CommentsSerializer(serializers.Serializer):
    """All comments on a post, the first one first."""

    results = CommentSerializer(many=True)


def comment_as_json(row: Mapping[str, Any]) -> dict[str, Any]:
    """Return what `CommentSerializer` shows."""
    return {name: row[name] for name in ("id", "author_id", "text", "created_at")}
