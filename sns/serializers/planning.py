"""Campaigns, templates, pictures and seats as JSON."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from sns.models import Campaign, Media, Seat, Template
from sns.serializers.posts import IdField
from softfactory.kernel.api.fields import StrictCharField, StrictModelSerializer, StrictSerializer


class CampaignSerializer(StrictModelSerializer):
    """Posts that belong together."""

    class Meta:
        model = Campaign
        fields = read_only_fields = [
            "id",
            "owner_id",
            "name",
            "utm_campaign",
            "starts_on",
            "ends_on",
            "created_at",
            "updated_at",
        ]


def campaign_as_json(row: Mapping[str, Any]) -> dict[str, Any]:
    """Return what `CampaignSerializer` shows, of the columns of `shown()`."""
    return {name: row[name] for name in CampaignSerializer.Meta.fields}


class CampaignEditSerializer(StrictSerializer):
    """What may be changed of a campaign."""

    name = StrictCharField(max_length=100, required=False)
    utm_campaign = StrictCharField(max_length=100, required=False, allow_blank=True)
    starts_on = serializers.DateField(required=False, allow_null=True)
    ends_on = serializers.DateField(required=False, allow_null=True)


class NewCampaignSerializer(CampaignEditSerializer):
    """A campaign to begin."""

    name = StrictCharField(max_length=100)
    workspace_id = IdField(required=False, help_text=_("Whose it is; yours unless said."))


class TemplateSerializer(StrictModelSerializer):
    """A text to begin with, with placeholders such as {chef.name}."""

    class Meta:
        model = Template
        fields = read_only_fields = ["id", "owner_id", "name", "text", "created_at", "updated_at"]


def template_as_json(row: Mapping[str, Any]) -> dict[str, Any]:
    """Return what `TemplateSerializer` shows, of the columns of `shown()`."""
    return {name: row[name] for name in TemplateSerializer.Meta.fields}


class TemplateEditSerializer(StrictSerializer):
    """What may be changed of a template."""

    name = StrictCharField(max_length=100, required=False)
    text = StrictCharField(max_length=20_000, required=False, trim_whitespace=False)


class NewTemplateSerializer(TemplateEditSerializer):
    """A template to keep."""

    name = StrictCharField(max_length=100)
    text = StrictCharField(max_length=20_000, trim_whitespace=False)
    workspace_id = IdField(required=False, help_text=_("Whose it is; yours unless said."))


class MediaSerializer(StrictModelSerializer):
    """A picture."""

    class Meta:
        model = Media
        fields = read_only_fields = [
            "id",
            "owner_id",
            "content_type",
            "size",
            "width",
            "height",
            "alt",
            "created_at",
        ]


def media_as_json(row: Mapping[str, Any]) -> dict[str, Any]:
    """Return what `MediaSerializer` shows, of the columns of `shown()`."""
    return {name: row[name] for name in MediaSerializer.Meta.fields}


class MediaEditSerializer(StrictSerializer):
    """What a picture shows, for those who don't see it."""

    alt = StrictCharField(max_length=1_500, allow_blank=True)


class NewMediaSerializer(StrictSerializer):
    """A picture to be uploaded, as a form (`multipart/form-data`)."""

    file = serializers.FileField(help_text=_("JPEG, PNG, WebP or GIF."))
    alt = serializers.CharField(default="", max_length=1_500, allow_blank=True)
    workspace_id = serializers.IntegerField(required=False, min_value=1, max_value=2**63 - 1)


class SeatSerializer(serializers.Serializer):
    """That somebody works on an owner's posts."""

    id = serializers.IntegerField()
    owner_id = serializers.IntegerField()
    user_id = serializers.IntegerField()
    email = serializers.CharField()
    role = serializers.ChoiceField(choices=Seat.Role.choices)
    created_at = serializers.DateTimeField()


def seat_as_json(row: Mapping[str, Any]) -> dict[str, Any]:
    """Return what `SeatSerializer` shows, of the columns of `shown()`."""
    names = ("id", "owner_id", "user_id", "role", "created_at")
    return {name: row[name] for name in names} | {"email": row["user__email"]}


class NewSeatSerializer(StrictSerializer):
    """Who is to work on one's posts."""

    email = serializers.EmailField(max_length=254)
    role = serializers.ChoiceField(choices=Seat.Role.choices)
