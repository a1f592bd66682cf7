"""Users and tokens as JSON."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from softfactory.accounts.models import SCOPES, ApiToken, User
from softfactory.accounts.services.tokens import DEFAULT_DAYS, MOST_DAYS
from softfactory.kernel.api.fields import (
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
