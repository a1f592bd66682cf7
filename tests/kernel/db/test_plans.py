"""SQLite plans a statement once, whatever the values that are bound."""

import pytest
from django.db import connection

from bookings.models import Chef

pytestmark = [pytest.mark.sqlite, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def looks():
    """What SQLite looked at to plan statements: it asks whether it may."""
    found = []
    connection.ensure_connection()
    connection.connection.set_authorizer(lambda *look: found.append(look) or 0)
    yield found
    connection.connection.set_authorizer(None)


def assert_planned_once(looks, rows):
    list(rows())
    assert looks
    looks.clear()
    list(rows())
    assert looks == []


def test_where_a_partial_index_serves_the_statement(looks):
    assert_planned_once(looks, lambda: Chef.objects.active().best_first()[:12])
