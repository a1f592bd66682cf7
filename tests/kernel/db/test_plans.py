"""SQLite plans a statement once, whatever the values that are bound."""

import pytest
from django.db import connection

from bookings.models import Chef
from softfactory.kernel import clock
from softfactory.kernel.db.statistics import refresh_statistics
from tests.makers import make_chef

pytestmark = [pytest.mark.sqlite, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def looks():
    """What SQLite looked at to plan statements: it asks whether it may."""
    found = []
    connection.ensure_connection()
    connection.connection.set_authorizer(lambda *look: found.append(look) or 0)
    yield found
    connection.connection.set_authorizer(None)


@pytest.fixture
def statistics():
    make_chef()
    refresh_statistics(clock.now())
    yield
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM sqlite_stat1")


def assert_planned_once(looks, rows):
    list(rows())
    assert looks
    looks.clear()
    list(rows())
    assert looks == []


def test_where_a_partial_index_serves_the_statement(looks):
    assert_planned_once(looks, lambda: Chef.objects.active().best_first()[:12])


@pytest.mark.usefixtures("statistics")
def test_where_statistics_tell_how_frequent_a_value_is(looks):
    assert_planned_once(looks, lambda: Chef.objects.filter(owner=1))
