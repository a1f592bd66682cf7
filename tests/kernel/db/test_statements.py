"""The SQL of querysets that were asked before is kept; their rows are not."""

import pytest

from bookings.models import Chef
from softfactory.kernel.db.statements import Statements
from tests.makers import make_chef

pytestmark = pytest.mark.django_db


class Asked:
    """A queryset, and how often it was made."""

    def __init__(self, **wanted):
        self.times = 0
        self.wanted = wanted

    def __call__(self):
        self.times += 1
        return Chef.objects.filter(**self.wanted).order_by("pk").values_list("name", "max_guests")


def test_is_made_once_and_read_each_time():
    statements, asked = Statements(most=9), Asked(cuisine="Thai")
    assert statements.rows("thai", asked) == []
    make_chef(name="Ada", cuisine="Thai", max_guests=4)
    make_chef(cuisine="Korean")
    assert statements.rows("thai", asked) == [("Ada", 4)]
    assert asked.times == 1


def test_keys_are_apart():
    make_chef(name="%s", cuisine="Thai", max_guests=4)
    statements = Statements(most=9)
    assert statements.rows("thai", Asked(cuisine="Thai")) == [("%s", 4)]
    assert statements.rows("percent", Asked(name="%s")) == [("%s", 4)]
    assert statements.rows("korean", Asked(cuisine="Korean")) == []


def test_the_oldest_makes_room():
    statements, first, second = Statements(most=1), Asked(), Asked()
    for key, asked in (("first", first), ("second", second), ("second", second), ("first", first)):
        statements.rows(key, asked)
    assert (first.times, second.times) == (2, 1)
