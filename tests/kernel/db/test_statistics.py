"""The planner's statistics follow the tables' growth."""

import pytest
from django.db import connection

from bookings.models import Chef
from softfactory.kernel import clock
from softfactory.kernel.db.statistics import refresh_statistics
from softfactory.kernel.registry import due
from tests.makers import make_chef


def test_are_refreshed_by_run_due():
    assert dict(due.items())["kernel.statistics"] is refresh_statistics


@pytest.mark.django_db
def test_refreshing_does_no_harm_on_either_database(chef):
    assert refresh_statistics(clock.now()) == 0
    assert Chef.objects.count() == 1


@pytest.mark.sqlite
@pytest.mark.django_db(transaction=True)
def test_sqlite_counts_what_has_grown():
    make_chef()

    refresh_statistics(clock.now())

    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM sqlite_stat1 WHERE tbl = 'bookings_chef'")
        assert cursor.fetchone()[0] > 0
        cursor.execute("DELETE FROM sqlite_stat1")
