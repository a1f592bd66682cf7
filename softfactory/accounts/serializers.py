"""Users, tokens and webhooks as JSON."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from softfactory.accounts.models import (
    SCOPES,
    ApiToken,
    User,
    WebhookAttempt,
    WebhookDelivery,
    WebhookEndpoint,
)
from softfactory.accounts.services.tokens import DEFAULT_DAYS, MOST_DAYS
from softfactory.kernel.api.fields import (
    StrictBooleanField,
    StrictCharField,
    StrictIntegerField,
    StrictModelSerializer,
    StrictSerializer,
)


class TokenSerializer(StrictModelSerializer):
    """A token as its owner sees it afterwards: never its text, only how it ends."""

    scopes = serializers.ListField(child=serializers.ChoiceField(SCOPES), read_only=True)

    class Meta:
        model = ApiToken
        fields = ["id", "name", "hint", "scopes", "created_at", "expires_at", "last_used_at"]
        read_only_fields = fields


def token_as_json(row: Mapping[str, Any]) -> dict[str, Any]:
    """Return what `TokenSerializer` shows, of the columns of `shown()`."""
    return {name: row[name] for name in TokenSerializer.Meta.fields}


class IssuedTokenSerializer(TokenSerializer):
    """A token as it is issued: with its text, which is shown this once."""

    token = serializers.CharField(read_only=True)

    class Meta(TokenSerializer.Meta):
        fields = [*TokenSerializer.Meta.fields, "token"]
        read_only_fields = fields


class NewTokenSerializer(StrictSerializer):
    """What issuing a token takes: who one is, unless the session says so, and what for."""

    email = serializers.EmailField(required=False, max_length=254)
    password = StrictCharField(
        required=False, max_length=1000, trim_whitespace=False, write_only=True
    )
    code = StrictCharField(
        required=False,
        max_length=20,
        write_only=True,
        help_text=_("Of the authenticator app, or a recovery code, if the account asks for one."),
    )
    name = StrictCharField(default="", allow_blank=True, max_length=100)
    scopes = serializers.ListField(
        child=serializers.ChoiceField(SCOPES),
        required=False,
        allow_empty=False,
        help_text=_("Every scope of the account's role if left out."),
    )
    expires_in_days = StrictIntegerField(default=DEFAULT_DAYS, min_value=1, max_value=MOST_DAYS)

    def validate_email(self, email: str) -> str:
        return email.lower()

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """Require address and password together, and of who is not signed in."""
        given = {"email", "password"} & attrs.keys()
        needed = {"email", "password"} if given or not self.context["is_signed_in"] else set()
        if missing := sorted(needed - given):
            message = serializers.Field.default_error_messages["required"]
            raise serializers.ValidationError(dict.fromkeys(missing, message), code="required")
        return attrs


class MeSerializer(StrictModelSerializer):
    """Who is calling."""

    scopes = serializers.SerializerMethodField(help_text=_("What this caller may do."))

    class Meta:
        model = User
        fields = ["id", "email", "name", "language", "timezone", "is_staff", "scopes", "created_at"]
        read_only_fields = fields

    def get_scopes(self, user: User) -> list[str]:
        return self.context["scopes"]


def me_as_json(user: User, scopes: Sequence[str]) -> dict[str, Any]:
    """Return what `MeSerializer` shows, in a third of the time that it takes."""
    return {
        name: list(scopes) if name == "scopes" else getattr(user, name)
        for name in MeSerializer.Meta.fields
    }


class WebhookEndpointSerializer(StrictModelSerializer):
    """A webhook endpoint, without its secret."""

    types = serializers.ListField(child=serializers.CharField(), read_only=True)

    class Meta:
        model = WebhookEndpoint
        fields = read_only_fields = [
            "id",
            "url",
            "types",
            "is_active",
            "disabled_reason",
            "failing_since",
            "old_key_until",
            "created_at",
            "updated_at",
        ]


def endpoint_as_json(row: Mapping[str, Any]) -> dict[str, Any]:
    """Return what `WebhookEndpointSerializer` shows, of the columns of `shown()`."""
    return {name: row[name] for name in WebhookEndpointSerializer.Meta.fields}


class SecretEndpointSerializer(WebhookEndpointSerializer):
    """An endpoint with its new secret, which is shown this once."""

    secret = serializers.CharField(read_only=True)

    class Meta(WebhookEndpointSerializer.Meta):
        fields = read_only_fields = [*WebhookEndpointSerializer.Meta.fields, "secret"]


class NewEndpointSerializer(StrictSerializer):
    """Which server is to be told, and of what."""

    url = StrictCharField(max_length=500)
    types = serializers.ListField(
        child=StrictCharField(max_length=60),
        allow_empty=False,
        max_length=100,
        help_text=_("Types of events, such as “booking.created”."),
    )


class EndpointEditSerializer(StrictSerializer):
    """What may be changed of an endpoint."""

    url = StrictCharField(max_length=500, required=False)
    types = serializers.ListField(
        child=StrictCharField(max_length=60), allow_empty=False, max_length=100, required=False
    )
    is_active = StrictBooleanField(required=False)


class WebhookDeliverySerializer(StrictSerializer):
    """That an endpoint is told of an event."""

    id = serializers.IntegerField(read_only=True)
    endpoint_id = serializers.IntegerField(read_only=True)
    event_id = serializers.IntegerField(read_only=True)
    type = serializers.CharField(read_only=True)
    state = serializers.ChoiceField(choices=WebhookDelivery.State.choices, read_only=True)
    due_at = serializers.DateTimeField(read_only=True, allow_null=True)
    tries = serializers.IntegerField(read_only=True)
    created_at = serializers.DateTimeField(read_only=True)


def delivery_as_json(row: Mapping[str, Any]) -> dict[str, Any]:
    """Return what `WebhookDeliverySerializer` shows, of the columns of `shown()`."""
    names = ("id", "endpoint_id", "event_id", "state", "due_at", "tries", "created_at")
    return {name: row[name] for name in names} | {"type": row["event__type"]}


class AttemptSerializer(serializers.Serializer):
    """One try to tell, and what came of it."""

    number = serializers.IntegerField()
    status = serializers.IntegerField(allow_null=True, help_text=_("Of HTTP; null: no answer."))
    failure = serializers.ChoiceField(choices=WebhookAttempt.Failure.choices, allow_blank=True)
    answer = serializers.CharField(help_text=_("The first 1,000 bytes."))
    duration_ms = serializers.IntegerField()
    created_at = serializers.DateTimeField()


class ShownDeliverySerializer(WebhookDeliverySerializer):
    """A delivery, what is told, and every attempt."""

    message_id = serializers.CharField(read_only=True, help_text=_("The header webhook-id."))
    message = serializers.DictField(read_only=True, help_text=_("What is sent."))
    attempts = AttemptSerializer(many=True, read_only=True)


def shown_delivery_as_json(delivery: WebhookDelivery) -> dict[str, Any]:
    """Return what `ShownDeliverySerializer` shows, of a row of `with_message()`."""
    return delivery_as_json(vars(delivery) | {"event__type": delivery.event.type}) | {
        "message_id": delivery.event.message_id,
        "message": delivery.event.as_told(),
        "attempts": list(delivery.attempts.shown().order_by("number")),
    }
