"""Rows inserted as one value are the rows that Django would insert."""

from datetime import UTC, datetime, timedelta

import pytest

from monitoring.models import RequestStory
from softfactory.kernel import clock
from softfactory.kernel.db.batches import insert_batch

pytestmark = pytest.mark.django_db


def story(**overrides):
    values = {
        "request_id": "mine",
        "at": clock.now(),
        "method": "POST",
        "route": "/api/coocook/bookings",
        "status": 201,
        "duration_ms": 1.5,
        "db_ms": 2.0,
        "user_id": None,
        "why": RequestStory.Why.WRITE,
        "query_count": 1,
        "queries": [{"sql": "SELECT '“%s”' \\", "ms": 0.25, "place": None}],
        "lines": [],
        "tasks": ["1"],
    }
    return values | overrides


def read():
    return [row | {"id": None} for row in RequestStory.objects.order_by("pk").values()]


def test_rows_are_those_that_django_inserts():
    whole = datetime(2027, 3, 28, 9, tzinfo=UTC)
    rows = [story(), story(at=whole, user_id=2**62, status=500, queries=[], lines=[{"a": "ÿ"}])]
    insert_batch(RequestStory, rows)
    ours = read()
    RequestStory.objects.all().delete()
    RequestStory.objects.bulk_create(RequestStory(**row) for row in rows)

    assert ours == read()


def test_instants_are_compared_as_those_of_other_rows():
    now = clock.now()
    insert_batch(RequestStory, [story(at=now)])

    assert RequestStory.objects.get(at=now).at == now
    assert not RequestStory.objects.filter(at__gt=now).exists()
    assert RequestStory.objects.filter(at__gt=now - timedelta(microseconds=1)).exists()


def test_what_utf_8_cant_say_costs_its_character_and_no_row():
    insert_batch(RequestStory, [story(), story(lines=[{"event": "half \ud83c"}])])

    assert [row["lines"] for row in read()] == [[], [{"event": "half ?"}]]


def test_no_rows_ask_nothing(django_assert_num_queries):
    with django_assert_num_queries(0):
        insert_batch(RequestStory, [])
