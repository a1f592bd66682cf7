"""The SQL of querysets that were asked before is kept; their rows are not."""

import pytest
from django.db.models.sql.compiler import SQLCompiler

from bookings.models import Booking, Chef
from softfactory.kernel.db.statements import Parameter, Statement, Statements, rows_of
from tests.makers import make_booking, make_chef, noon_utc

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


def test_returns_the_rows_of_its_queryset(ana):
    for customer in (ana, ana, None):
        make_booking(customer=customer)
    rows = Booking.objects.of_customer_or_chefs(Parameter(0)).shown().order_by("id")

    found = Statement(rows).rows(ana.pk)

    assert found == list(Booking.objects.of_customer_or_chefs(ana.pk).shown().order_by("id"))
    assert len(found) == 2


def test_a_parameter_takes_its_value_as_the_column_does(chef):
    made_at = Parameter(0, Chef._meta.get_field("created_at"))
    statement = Statement(Chef.objects.filter(created_at=made_at).values("id"))

    assert statement.rows(chef.created_at) == [{"id": chef.pk}]
    assert statement.rows(chef.created_at.isoformat()) == [{"id": chef.pk}]
    assert statement.rows(noon_utc()) == []


def test_values_never_become_sql(chef):
    name = Parameter(0, Chef._meta.get_field("name"))
    statement = Statement(Chef.objects.filter(name=name).values("name"))

    assert statement.rows("' OR 1=1 --") == []
    assert statement.rows(chef.name) == [{"name": chef.name}]


def test_who_asks_again_gets_what_is_there_by_then(ben):
    chefs = [make_chef(ben).pk for _number in range(2)]
    assert rows_of(Chef.objects.ids_owned_by, ben.pk) == [{"id": pk} for pk in chefs]

    Chef.objects.filter(pk=chefs[0]).delete()

    assert rows_of(Chef.objects.ids_owned_by, ben.pk) == [{"id": chefs[1]}]


def test_sql_is_made_once(chef, monkeypatch):
    rows_of(Chef.objects.ids_owned_by, chef.owner_id)
    monkeypatch.setattr(SQLCompiler, "as_sql", None)

    assert rows_of(Chef.objects.ids_owned_by, chef.owner_id) == [{"id": chef.pk}]
