"""Serializers that know no field they were not told, and take JSON's own types; money."""

import pytest
from rest_framework import serializers

from softfactory.kernel.api.fields import (
    LARGEST_AMOUNT,
    MoneyField,
    StrictBooleanField,
    StrictCharField,
    StrictIntegerField,
    StrictModelSerializer,
    StrictSerializer,
)
from softfactory.kernel.money import Money
from subscriptions.models import Plan


class Line(StrictSerializer):
    text = serializers.CharField()
    id = serializers.IntegerField(read_only=True)


class Note(StrictSerializer):
    title = serializers.CharField(required=False)
    price = MoneyField(required=False)
    lines = Line(many=True, required=False)
    status = serializers.CharField(read_only=True)


class PlanSerializer(StrictModelSerializer):
    class Meta:
        model = Plan
        fields = ("name", "trial_days")


def errors(serializer):
    serializer.is_valid()
    return serializer.errors


def codes(serializer):
    serializer.is_valid()
    return {name: [error.code for error in found] for name, found in serializer.errors.items()}


def test_known_fields_pass():
    body = {"title": "a", "lines": [{"text": "b"}]}

    assert errors(Note(data=body)) == {}


def test_unknown_and_read_only_fields_are_named():
    body = {"title": "a", "colour": "red", "status": "paid"}

    assert codes(Note(data=body)) == {"colour": ["unknown"], "status": ["read_only"]}


def test_so_are_those_of_nested_objects():
    body = {"lines": [{"text": "a"}, {"text": "b", "id": 1}]}

    assert errors(Note(data=body))["lines"][1]["id"][0].code == "read_only"


@pytest.mark.parametrize("body", [None, [], "text", 7])
def test_a_body_that_is_no_object(body):
    assert not Note(data=body).is_valid()


def test_a_models_fields_are_strict_too():
    assert codes(PlanSerializer(data={"name": 5, "trial_days": "7", "rank": 1})) == {
        "rank": ["unknown"]
    }
    assert codes(PlanSerializer(data={"name": 5, "trial_days": "7"})) == {
        "name": ["invalid"],
        "trial_days": ["invalid"],
    }


@pytest.mark.parametrize(
    ("field", "value", "result"),
    [
        (StrictCharField(), " text ", "text"),
        (StrictIntegerField(), 7, 7),
        (StrictIntegerField(), 7.0, 7),
        (StrictBooleanField(), False, False),
    ],
)
def test_jsons_own_types_pass(field, value, result):
    assert field.run_validation(value) == result


@pytest.mark.parametrize(
    ("field", "value"),
    [
        (StrictCharField(), 7),
        (StrictCharField(), True),
        (StrictCharField(), "nul \x00"),
        (StrictCharField(), "half a pair \ud800"),
        (StrictIntegerField(), "7"),
        (StrictIntegerField(), 7.5),
        (StrictIntegerField(), True),
        (StrictIntegerField(), None),
        (StrictIntegerField(), [7]),
        (StrictIntegerField(), float("inf")),
        (StrictIntegerField(), float("nan")),
        (StrictBooleanField(), "yes"),
        (StrictBooleanField(), 1),
        (StrictBooleanField(), {}),
    ],
)
def test_others_are_refused(field, value):
    with pytest.raises(serializers.ValidationError):
        field.run_validation(value)


def test_money_goes_out_and_comes_in():
    field = MoneyField()

    assert field.to_representation(Money(150_000)) == {"amount": 150_000, "currency": "KRW"}
    assert field.run_validation({"amount": 1250, "currency": "EUR"}) == Money(1250, "EUR")


@pytest.mark.parametrize(
    ("value", "code"),
    [
        (150_000, "shape"),
        ("150000 KRW", "shape"),
        ({}, "shape"),
        ({"amount": 1}, "shape"),
        ({"amount": 1, "currency": "KRW", "tip": 1}, "shape"),
        ({"amount": "1", "currency": "KRW"}, "shape"),
        ({"amount": 1.0, "currency": "KRW"}, "shape"),
        ({"amount": True, "currency": "KRW"}, "shape"),
        ({"amount": None, "currency": "KRW"}, "shape"),
        ({"amount": 1, "currency": "XXX"}, "currency"),
        ({"amount": 1, "currency": ["KRW"]}, "currency"),
        ({"amount": 1, "currency": None}, "currency"),
        ({"amount": -1, "currency": "KRW"}, "range"),
        ({"amount": LARGEST_AMOUNT + 1, "currency": "KRW"}, "range"),
    ],
)
def test_what_is_no_money(value, code):
    with pytest.raises(serializers.ValidationError) as refused:
        MoneyField().run_validation(value)
    assert refused.value.get_codes() == [code]
