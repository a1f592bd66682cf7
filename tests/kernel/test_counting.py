"""What libraries make is counted, and no class is changed by it."""

import pytest
from django.db.models import CharField, Field, Manager, Value
from django.db.models.manager import BaseManager
from rest_framework import serializers

from softfactory.accounts.models import User
from softfactory.kernel.api.fields import StrictSerializer

COUNTING = [
    (Field, "creation_counter", CharField),
    (Field, "auto_creation_counter", lambda: CharField(auto_created=True)),
    (BaseManager, "creation_counter", Manager),
    (serializers.Field, "_creation_counter", serializers.CharField),
]


@pytest.mark.parametrize(("cls", "counter", "make"), COUNTING)
def test_a_class_stays_as_it_is_when_it_is_made_use_of(cls, counter, make):
    before = getattr(cls, counter)
    first, second = make(), make()
    assert getattr(cls, counter) == before
    name = counter.replace("auto_", "")
    assert abs(getattr(second, name) - getattr(first, name)) == 1


def test_fields_keep_the_order_in_which_they_were_written():
    class Wanted(StrictSerializer):
        second = serializers.CharField()
        first = serializers.IntegerField()

    assert list(Wanted().fields) == ["second", "first"]
    names = [field.name for field in User._meta.local_concrete_fields]
    assert names.index("email") < names.index("is_active")


def test_a_query_changes_no_class():
    before = Field.creation_counter, BaseManager.creation_counter
    str(User.objects.annotate(one=Value(1)).filter(one=1).query)
    assert (Field.creation_counter, BaseManager.creation_counter) == before
