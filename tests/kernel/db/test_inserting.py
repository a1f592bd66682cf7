"""New rows by kept statements are the rows that Django would insert."""

from zoneinfo import ZoneInfo

import pytest

from bookings.models import Letter
from softfactory.kernel import clock
from softfactory.kernel.db.inserting import insert, insert_by_the_end, insert_unless, new
from tests.makers import make_booking

pytestmark = pytest.mark.django_db


@pytest.fixture
def letter():
    booking = make_booking()

    def make(**overrides):
        now = clock.now()
        values = {"reader_id": booking.customer_id, "created_at": now, "due_at": now}
        return Letter(booking=booking, **{"kind": Letter.Kind.CREATED} | values | overrides)

    return make


def read(row):
    """What the database has of a row, but for its key."""
    found = type(row).objects.filter(pk=row.pk).values().get()
    return {name: value for name, value in found.items() if name != "id"}


def test_rows_are_those_that_django_inserts(letter):
    now = clock.now()
    values = {"created_at": now, "due_at": now}
    ours = [letter(**values), letter(**values, kind=Letter.Kind.REMINDER)]
    insert(ours)
    theirs = Letter.objects.bulk_create(
        [letter(**values), letter(**values, kind=Letter.Kind.REMINDER)]
    )

    assert [read(row) for row in ours] == [read(row) for row in theirs]
    assert len({row.pk for row in ours + theirs}) == 4
    assert {(row._state.adding, row._state.db) for row in ours} == {(False, "default")}


def test_an_instant_is_the_same_in_whatever_zone_it_is_said(letter):
    now = clock.now()
    rows = [letter(due_at=at) for at in (now, now.astimezone(ZoneInfo("Asia/Seoul")))]
    insert(rows)

    assert [read(row)["due_at"] for row in rows] == [now, now]
    assert Letter.objects.filter(due_at=now).count() == 2


def test_nothing_is_inserted_where_something_is_in_the_way(letter):
    row = letter()

    assert insert_unless(row, "SELECT 1 WHERE %s > 1", [1])
    assert row.pk is not None
    assert not insert_unless(letter(), "SELECT 1 WHERE %s > 1", [2])
    assert Letter.objects.count() == 1


def test_so_are_rows_whose_keys_nobody_needs(letter):
    theirs = letter()
    theirs.save()
    row = read(theirs)
    insert_by_the_end(Letter, [row, row | {"tries": 2}])

    first, second = Letter.objects.exclude(pk=theirs.pk).order_by("pk")
    assert (read(first), read(second)) == (row, row | {"tries": 2})


def test_a_new_row_is_the_one_that_its_model_makes():
    now = clock.now()
    values = {"booking_id": 1, "reader_id": 2, "kind": "created", "created_at": now, "due_at": now}
    ours, theirs = new(Letter, **values), Letter(**values)
    assert {**vars(ours), "_state": 0} == {**vars(theirs), "_state": 0}
    assert vars(ours._state) == vars(theirs._state)


def test_a_new_row_refuses_what_is_no_column():
    with pytest.raises(TypeError, match="booking"):
        new(Letter, booking=1)


def test_a_default_that_is_made_anew_has_to_be_given(letter):
    row = new(Letter, booking_id=letter().booking_id, reader_id=1, kind="created")
    with pytest.raises(Exception, match=r"object|type"):
        insert([row])


def test_no_rows_are_no_statement(django_assert_num_queries):
    with django_assert_num_queries(0):
        insert([])
        insert_by_the_end(Letter, [])
