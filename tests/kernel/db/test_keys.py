"""Keys that are known before their rows: nobody else has them, whatever happens to processes."""

import os

import pytest
from django.db import IntegrityError, connection, transaction

from bookings.models import Letter
from softfactory.kernel import clock
from softfactory.kernel.db import keys
from softfactory.kernel.db.inserting import insert_unless_by_the_end
from softfactory.kernel.db.keys import AT_ONCE, next_key
from softfactory.kernel.db.retry import transactional
from tests.makers import make_booking

pytestmark = [pytest.mark.postgresql, pytest.mark.django_db(transaction=True)]

NOTHING = "SELECT 1 WHERE %s > 1", [1]


@pytest.fixture(autouse=True)
def booking():
    keys.forget_keys(Letter)
    yield make_booking()
    keys.forget_keys(Letter)


def letter(booking):
    now = clock.now()
    values = {"reader_id": booking.customer_id, "created_at": now, "due_at": now}
    return Letter(booking=booking, kind=Letter.Kind.CREATED, **values)


def set_back(to=1):
    """Let the sequence give again what it gave, as TRUNCATE … RESTART IDENTITY does."""
    with connection.cursor() as cursor:
        cursor.execute(f"ALTER SEQUENCE bookings_letter_id_seq RESTART WITH {to}")


def test_each_is_given_once(at_once):
    given = at_once(lambda _number: [next_key(Letter) for _ in range(AT_ONCE)], 4)
    assert len({key for some in given for key in some}) == 4 * AT_ONCE


def test_they_are_asked_for_many_at_once(django_assert_num_queries):
    with django_assert_num_queries(2):
        taken = [next_key(Letter) for _ in range(AT_ONCE + 1)]
    assert len(set(taken)) == AT_ONCE + 1


def test_django_gives_others(booking):
    next_key(Letter)
    row = letter(booking)
    row.save()
    assert row.pk not in {next_key(Letter) for _ in range(AT_ONCE - 1)}


def test_what_is_taken_back_gives_none_of_them_again():
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        first = next_key(Letter)
        raise ZeroDivisionError
    assert first not in {next_key(Letter) for _ in range(2 * AT_ONCE)}


def test_a_process_that_is_forked_has_none_of_its_parents():
    next_key(Letter)
    if not (child := os.fork()):
        os._exit(len(keys._known))
    assert os.waitpid(child, 0)[1] == 0
    assert keys._known


@transactional
def insert(row):
    """Insert it, as far as anybody knows."""
    insert_unless_by_the_end(row, *NOTHING, found=pytest.fail)
    return row.pk


def test_one_that_somebody_has_is_a_lost_race_and_the_next_is_new(booking):
    """The sequence was set back under the process, which finds out, and asks it anew."""
    first = next_key(Letter)
    other = letter(booking)
    other.pk = first + 1
    other.save(force_insert=True)
    set_back(first + 500)

    runs = []

    @transactional
    def work():
        runs.append(1)
        return insert(letter(booking))

    assert work() == first + 500
    assert len(runs) == 2
    assert set(Letter.objects.values_list("pk", flat=True)) >= {first + 1, first + 500}


def test_other_refusals_of_its_table_are_none(booking):
    row = letter(booking)
    row.sent_at = row.due_at
    with pytest.raises(IntegrityError, match="due_or_sent"):
        insert(row)
    assert keys._known[keys._name(Letter)]
