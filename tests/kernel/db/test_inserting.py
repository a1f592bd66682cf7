"""New rows by kept statements are the rows that Django would insert."""

from zoneinfo import ZoneInfo

import pytest

from bookings.models import Letter
from monitoring.models import RequestStory
from softfactory.kernel import clock
from softfactory.kernel.db.inserting import insert, insert_unless
from tests.makers import make_booking

pytestmark = pytest.mark.django_db


def story(**overrides):
    values = {
        "request_id": "mine",
        "at": clock.now(),
        "method": "POST",
        "route": "/api/coocook/bookings",
        "status": 201,
        "duration_ms": 1.5,
        "db_ms": 0.5,
        "user_id": None,
        "why": RequestStory.Why.WRITE,
        "query_count": 1,
        "queries": [{"sql": "SELECT '“%s”'", "times": 1}],
    }
    return RequestStory(**values | overrides)


def read(row):
    """What the database has of a row, but for its key."""
    found = type(row).objects.filter(pk=row.pk).values().get()
    return {name: value for name, value in found.items() if name != "id"}


def test_rows_are_those_that_django_inserts():
    now = clock.now()
    ours = [story(at=now), story(at=now, user_id=7)]
    insert(ours)
    theirs = RequestStory.objects.bulk_create([story(at=now), story(at=now, user_id=7)])

    assert [read(row) for row in ours] == [read(row) for row in theirs]
    assert len({row.pk for row in ours + theirs}) == 4


def test_an_instant_is_the_same_in_whatever_zone_it_is_said():
    now = clock.now()
    rows = [story(at=at) for at in (now, now.astimezone(ZoneInfo("Asia/Seoul")))]
    insert(rows)

    assert [read(row)["at"] for row in rows] == [now, now]
    assert RequestStory.objects.filter(at=now).count() == 2


def test_a_row_with_relations_and_what_is_absent():
    booking, now = make_booking(), clock.now()
    values = {"booking": booking, "reader_id": booking.customer_id, "kind": Letter.Kind.CREATED}
    ours = Letter(**values, created_at=now, due_at=now)
    insert([ours])
    theirs = Letter.objects.create(**values, created_at=now, due_at=now)

    assert read(ours) == read(theirs)
    assert (ours._state.adding, ours._state.db) == (False, "default")


def test_nothing_is_inserted_where_something_is_in_the_way():
    row = story()

    assert insert_unless(row, "SELECT 1 WHERE %s > 1", [1])
    assert row.pk is not None
    assert not insert_unless(story(), "SELECT 1 WHERE %s > 1", [2])
    assert RequestStory.objects.count() == 1


def test_no_rows_are_no_statement(django_assert_num_queries):
    with django_assert_num_queries(0):
        insert([])
