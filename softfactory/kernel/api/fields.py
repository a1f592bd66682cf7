"""JSON in and out: serializers that know no field they were not told, money, and instants."""

from collections.abc import Mapping
from datetime import MAXYEAR, MINYEAR, UTC, datetime
from functools import cache
from typing import Any, ClassVar

from django.db import models
from django.utils.timezone import is_naive
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers
from rest_framework.exceptions import ErrorDetail

from softfactory.kernel.counting import count_beside
from softfactory.kernel.money import EXPONENTS, LARGEST_AMOUNT, Money

# Each serializer that is made copies its fields, which counts them.
count_beside(serializers.Field, "__init__", "_creation_counter")

MONEY = {
    "type": "object",
    "description": "Minor units: KRW has none, so 150000 is ₩150,000.",
    "required": ["amount", "currency"],
    "properties": {
        "amount": {"type": "integer", "minimum": 0, "maximum": LARGEST_AMOUNT},
        "currency": {"type": "string", "enum": list(EXPONENTS)},
    },
    "additionalProperties": False,
}


class StrictCharField(serializers.CharField):
    """Text alone: REST framework would take a number too."""

    def to_internal_value(self, data: Any) -> str:
        if not isinstance(data, str):
            self.fail("invalid")
        return super().to_internal_value(data)


class StrictIntegerField(serializers.IntegerField):
    """A whole number alone: REST framework would take its digits as text too."""

    def to_internal_value(self, data: Any) -> int:
        is_whole = isinstance(data, int) or (isinstance(data, float) and data.is_integer())
        if isinstance(data, bool) or not is_whole:
            self.fail("invalid")
        return int(data)


class StrictFloatField(serializers.FloatField):
    """A number alone: REST framework would take its digits as text, and `true`, too."""

    def to_internal_value(self, data: Any) -> float:
        if isinstance(data, bool) or not isinstance(data, int | float):
            self.fail("invalid")
        return super().to_internal_value(data)


class StrictBooleanField(serializers.BooleanField):
    """`true` or `false` alone: REST framework would take "yes" and 1 too."""

    def to_internal_value(self, data: Any) -> bool:
        if not isinstance(data, bool):
            self.fail("invalid", input=data)
        return data


class StrictSerializer(serializers.Serializer):
    """A serializer that refuses a body with a field that is unknown or not the client's to set."""

    @classmethod
    def read(cls, data: Any) -> dict[str, Any]:
        """Return what the body says. Raises ValidationError.

        Fields that ask nothing of the request are made once: to copy them for each takes longer
        than to ask them.
        """
        return _reader(cls).run_validation(data)

    def to_internal_value(self, data: Any) -> Any:
        if isinstance(data, Mapping):
            known = self.fields.fields
            refused = {
                str(name): [self._refusal(name)]
                for name in data
                if name not in known or known[name].read_only
            }
            if refused:
                raise serializers.ValidationError(refused)
        return super().to_internal_value(data)

    def _refusal(self, name: str) -> ErrorDetail:
        if name in self.fields:
            return ErrorDetail(gettext("This is not yours to set; leave it out."), code="read_only")
        return ErrorDetail(gettext("There is no such field; leave it out."), code="unknown")


@cache
def _reader(kind: type[StrictSerializer]) -> StrictSerializer:
    reader = kind()
    _made_by_now = reader.fields
    return reader


class StrictModelSerializer(StrictSerializer, serializers.ModelSerializer):
    """The same for a model; its fields take JSON's own types."""

    serializer_field_mapping: ClassVar = serializers.ModelSerializer.serializer_field_mapping | {
        models.BigIntegerField: StrictIntegerField,
        models.BooleanField: StrictBooleanField,
        models.CharField: StrictCharField,
        models.FloatField: StrictFloatField,
        models.IntegerField: StrictIntegerField,
        models.PositiveIntegerField: StrictIntegerField,
        models.PositiveSmallIntegerField: StrictIntegerField,
        models.TextField: StrictCharField,
    }


@extend_schema_field(MONEY)
class MoneyField(serializers.Field):
    """`{"amount": 150000, "currency": "KRW"}` in minor units; a `Money` inside."""

    default_error_messages = {
        "shape": _("Send “amount” (whole minor units) and “currency” (such as KRW)."),
        "range": _("An amount lies between 0 and 10^12 minor units."),
        "currency": _("This currency is not used here."),
    }

    def to_representation(self, value: Money) -> dict[str, int | str]:
        return value.as_json()

    def to_internal_value(self, data: Any) -> Money:
        if not isinstance(data, Mapping) or set(data) != {"amount", "currency"}:
            self.fail("shape")
        amount, currency = data["amount"], data["currency"]
        if not isinstance(amount, int) or isinstance(amount, bool):
            self.fail("shape")
        if not isinstance(currency, str) or currency not in EXPONENTS:
            self.fail("currency")
        if not 0 <= amount <= LARGEST_AMOUNT:
            self.fail("range")
        return Money(amount, currency)


class InstantField(serializers.DateTimeField):
    """A time with its offset from UTC, RFC 3339; an aware datetime in UTC inside."""

    default_error_messages = {
        "naive": _("Say the offset from UTC too, as in 2027-03-28T09:00:00+09:00."),
        "year": _("No time so far away is known here."),
    }

    def enforce_timezone(self, value: datetime) -> datetime:
        if is_naive(value):
            self.fail("naive")
        # The first and last year hold times that no datetime can say in every zone.
        if not MINYEAR < value.year < MAXYEAR:
            self.fail("year")
        return value.astimezone(UTC)
