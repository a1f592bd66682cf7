"""Slow and repeated queries: added up, explained later and without values, forgotten."""

from datetime import timedelta

import pytest
from django.http import HttpResponse
from django.urls import path

from bookings.models import Booking, Chef
from monitoring.models import RepeatedQuery, SlowQuery
from monitoring.services import stories
from monitoring.services.plans import plan_of, take_plans
from monitoring.services.queries import (
    fingerprint,
    forget_old_queries,
    note_queries,
    slow_queries,
    suspects,
)
from softfactory.kernel import clock
from softfactory.kernel.db import generations
from softfactory.kernel.trace import REPEATED, Query
from tests.makers import make_chef
from tests.monitoring.conftest import told

pytestmark = pytest.mark.django_db

SQL = "SELECT * FROM bookings_chef WHERE id = %s"


def slow(sql=SQL, ms=20.0, **overrides):
    return told(queries=[Query(sql, ms / 1000, "default")], places={sql: "a.py:1"}, **overrides)


def repeated(times, sql=SQL, **overrides):
    queries = [Query(sql, 0.001, "default")] * times
    return told(queries=queries, places={sql: "a.py:1"}, **overrides)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("SELECT 1 WHERE id IN (%s, %s)", "SELECT 1 WHERE id IN (%s, %s, %s)"),
        ("INSERT INTO x VALUES (%s, %s), (%s, %s)", "INSERT INTO x VALUES (%s, %s)"),
        ("SELECT a  FROM b LIMIT 20", "SELECT a FROM b\nLIMIT 21"),
    ],
)
def test_how_many_values_there_are_makes_no_difference(one, other):
    assert fingerprint(one) == fingerprint(other)


def test_what_is_asked_makes_the_difference():
    assert fingerprint(SQL) != fingerprint(SQL.replace("id", "owner_id"))


class TestSlowQueries:
    def test_are_added_up(self):
        note_queries([slow(ms=20), slow(ms=30, route="/y")])
        note_queries([slow(ms=10, at=1_800_000_060.0)])

        (found,) = slow_queries()
        assert (found.sql, found.place, found.count) == (SQL, "a.py:1", 3)
        assert (found.max_ms, found.total_ms) == (30, 60)
        assert found.last_seen.timestamp() == 1_800_000_060

    def test_worst_first(self):
        note_queries([slow(ms=20), slow(sql="SELECT 2", ms=90)])

        assert [found.max_ms for found in slow_queries()] == [90, 20]

    @pytest.mark.parametrize(
        "sql", ['SAVEPOINT "s1_x2"', "RELEASE SAVEPOINT s1", 'INSERT INTO "silk_request"']
    )
    def test_a_savepoint_is_none_nor_what_silk_writes(self, sql):
        note_queries([slow(sql=sql)])

        assert not slow_queries().exists()


class TestSuspects:
    def test_are_counted_by_route(self):
        note_queries([repeated(REPEATED), repeated(9), repeated(REPEATED, route="/y")])
        note_queries([repeated(7)])

        first, second = suspects()
        assert (first.route, first.requests, first.most, first.place) == ("/x", 3, 9, "a.py:1")
        assert (second.route, second.requests, second.most) == ("/y", 1, REPEATED)

    def test_few_times_are_none(self):
        note_queries([repeated(REPEATED - 1)])

        assert not suspects().exists()


def ask_each(request):
    for chef in Chef.objects.all():
        Booking.objects.filter(chef=chef).exists()
    return HttpResponse()


urlpatterns = [path("each", ask_each)]


@pytest.mark.urls(__name__)
def test_an_n_plus_1_is_found_with_its_line(client, settings, monkeypatch):
    settings.STORIES = True
    settings.SLOW_QUERY_MS = 10_000
    waiting = []
    monkeypatch.setattr(stories.stories, "put", waiting.append)
    for number in range(REPEATED):
        make_chef(name=f"Chef {number}")

    client.get("/each")
    stories.write(waiting)

    (suspect,) = suspects()
    assert (suspect.route, suspect.most) == ("/each", REPEATED)
    assert "bookings_booking" in suspect.sql
    line = ask_each.__code__.co_firstlineno + 2
    assert suspect.place == f"tests/monitoring/test_queries.py:{line}"


class TestPlans:
    def test_say_how_the_database_goes_about_it(self):
        sql = str(Chef.objects.filter(owner_id=1).query).replace(" = 1", " = %s")

        plan = plan_of(sql)
        assert "bookings_chef" in plan
        assert "Not explained" not in plan

    @pytest.mark.parametrize(
        "sql",
        [
            "SELECT id FROM bookings_chef WHERE name LIKE %s AND id IN (%s, %s) LIMIT %s",
            "UPDATE bookings_chef SET name = %s WHERE id = %s",
            "SELECT id FROM bookings_chef WHERE name LIKE '%%a'",
        ],
    )
    def test_run_nothing_and_move_nothing(self, sql, chef):
        before = generations.numbers("chefs")

        assert "Not explained" not in plan_of(sql)
        chef.refresh_from_db()
        assert chef.name
        assert generations.numbers("chefs") == before

    @pytest.mark.parametrize(
        ("sql", "why"),
        [
            ("SELECT 1; DELETE FROM bookings_chef", "several statements"),
            ("SELECT absent FROM bookings_chef", "absent"),
        ],
    )
    def test_that_cant_be_taken_say_why(self, chef, sql, why):
        plan = plan_of(sql)

        assert plan.startswith("Not explained: ")
        assert why in plan
        assert Chef.objects.count() == 1
        assert "Not explained" not in plan_of(SQL)

    def test_are_taken_by_the_clock_once_a_day(self):
        note_queries([slow()])
        now = clock.now()

        assert take_plans(now) == 1
        assert take_plans(now + timedelta(hours=23)) == 0
        assert take_plans(now + timedelta(hours=25)) == 1
        assert "bookings_chef" in slow_queries().get().plan

    @pytest.mark.postgresql
    def test_have_places_where_values_will_be(self):
        assert "$1" in plan_of(SQL)


def test_what_was_not_seen_for_a_month_is_forgotten():
    note_queries([slow(), repeated(REPEATED)])
    seen = SlowQuery.objects.get().last_seen

    assert forget_old_queries(seen + timedelta(days=30)) == 0
    assert forget_old_queries(seen + timedelta(days=31)) == 2
    assert not RepeatedQuery.objects.exists()
