"""Accounts as JSON: what opens them comes in, and never goes out."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from sns.models import SocialAccount
from sns.networks import NETWORKS
from softfactory.kernel.api.fields import (
    StrictCharField,
    StrictIntegerField,
    StrictModelSerializer,
    StrictSerializer,
)
from softfactory.kernel.zones import validate_zone


class QueueTimeSerializer(StrictSerializer):
    """A weekly queue time, by the account's clock."""

    weekday = StrictIntegerField(min_value=0, max_value=6, help_text=_("Monday is 0."))
    at = StrictCharField(max_length=5, help_text=_("Such as 09:00."))


class AccountSerializer(StrictModelSerializer):
    """An account on a network, without what opens it."""

    slots = QueueTimeSerializer(many=True, read_only=True)
    works = serializers.BooleanField(read_only=True)

    class Meta:
        model = SocialAccount
        fields = read_only_fields = [
            "id",
            "owner_id",
            "network",
            "server",
            "handle",
            "timezone",
            "slots",
            "works",
            "broken_reason",
            "broken_at",
            "paused_until",
            "created_at",
            "updated_at",
        ]


class ConnectedAccountSerializer(AccountSerializer):
    """An account that was connected just now."""

    credentials = serializers.DictField(
        child=serializers.CharField(),
        read_only=True,
        required=False,
        help_text=_("What we made up because it was not sent: shown this once, and never again."),
    )

    class Meta(AccountSerializer.Meta):
        fields = read_only_fields = [*AccountSerializer.Meta.fields, "credentials"]


def account_as_json(row: Mapping[str, Any]) -> dict[str, Any]:
    """Return what `AccountSerializer` shows, of the columns of `shown()`."""
    works = {"works": not row["broken_reason"]}
    return {
        name: works[name] if name in works else row[name] for name in AccountSerializer.Meta.fields
    }


class NewAccountSerializer(StrictSerializer):
    """Which account is to be connected, and what opens it."""

    network = serializers.ChoiceField(sorted(NETWORKS))
    server = StrictCharField(
        default="",
        allow_blank=True,
        max_length=200,
        help_text=_("Such as https://mastodon.social; the network's usual one if left out."),
    )
    credentials = serializers.DictField(
        child=StrictCharField(max_length=2_000, trim_whitespace=False, allow_blank=True),
        default=dict,
        write_only=True,
        help_text=_("What the network asks for. It is never shown again."),
    )
    timezone = StrictCharField(
        required=False,
        max_length=64,
        validators=[validate_zone],
        help_text=_("Yours if left out."),
    )


class AccountEditSerializer(StrictSerializer):
    """What may be changed of an account."""

    timezone = StrictCharField(required=False, max_length=64, validators=[validate_zone])
    slots = QueueTimeSerializer(many=True, required=False, max_length=168)
