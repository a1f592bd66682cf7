"""Writes that wait: whoever looks finds them, and they stand or fall with their transaction."""

import threading

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from softfactory.kernel.db import generations
from softfactory.kernel.db.asking import ask
from softfactory.kernel.db.retry import LostRace, transactional
from softfactory.kernel.db.waiting import BoundStatement, Write, write_by_the_end
from subscriptions.models import Product
from tests.makers import make_product
from tests.traced import asked_in

pytestmark = pytest.mark.django_db(transaction=True)

TABLE = Product._meta.db_table
RENAME = f"UPDATE {TABLE} SET name = %s WHERE slug = %s"  # nosec B608
RESLUG = f"UPDATE {TABLE} SET slug = %s WHERE slug = %s"  # nosec B608
NAME = f"SELECT name FROM {TABLE} WHERE slug = %s"  # nosec B608


@pytest.fixture(autouse=True)
def dishes():
    return make_product("soup", name="Soup"), make_product("stew", name="Stew")


def rename(slug, name, **outcome):
    write_by_the_end(Write(BoundStatement(RENAME, [name, slug]), **outcome))


def take_slug(**outcome):
    """Break a constraint."""
    write_by_the_end(Write(BoundStatement(RESLUG, ["stew", "soup"]), **outcome))


def name_of(slug="soup"):
    return Product.objects.get(slug=slug).name


def waits():
    """Whether something does."""
    return bool(connection.waiting)


@transactional
def run(*steps):
    """Take these steps in one transaction."""
    for step in steps:
        step()


def test_what_waits_is_written_when_the_transaction_commits():
    run(lambda: rename("soup", "Broth"), lambda: rename("stew", "Ragout"))
    assert (name_of("soup"), name_of("stew")) == ("Broth", "Ragout")


@pytest.mark.postgresql
def test_all_that_waits_is_one_round_trip_with_the_generations():
    def work():
        rename("soup", "Broth")
        rename("stew", "Ragout")
        assert waits()

    [together] = asked_in(lambda: run(work))
    assert together.count("UPDATE subscriptions_product") == 2
    assert together.count("INSERT INTO kernel_generation") == 1


@pytest.mark.sqlite
def test_on_sqlite_nothing_waits():
    words = asked_in(lambda: run(lambda: rename("soup", "Broth")))
    assert words[0] == RENAME
    assert len(words) == 2


def ask_ourselves():
    assert ask(NAME, ["soup"]) == [("Broth",)]


def ask_django():
    assert name_of() == "Broth"


def ask_in_pieces():
    assert [row.name for row in Product.objects.filter(slug="soup").iterator()] == ["Broth"]


def count_with_a_write():
    assert Product.objects.filter(name="Broth").update(name="Broth") == 1


@pytest.mark.parametrize(
    "look", [ask_ourselves, ask_django, ask_in_pieces, count_with_a_write], ids=lambda f: f.__name__
)
def test_whatever_is_asked_next_sees_what_waited(look):
    run(lambda: rename("soup", "Broth"), lambda: rename("stew", "Ragout"), look)
    assert name_of("stew") == "Ragout"


def test_a_cursor_that_was_open_before_sees_it():
    def work():
        with connection.cursor() as cursor:
            cursor.execute(NAME, ["soup"])
            rename("soup", "Broth")
            cursor.execute(NAME, ["soup"])
            assert cursor.fetchall() == [("Broth",)]

    run(work)


def test_more_may_wait_after_something_was_asked():
    run(
        lambda: rename("soup", "Broth"),
        ask_django,
        lambda: rename("soup", "Bisque"),
        lambda: rename("stew", "Ragout"),
    )
    assert (name_of("soup"), name_of("stew")) == ("Bisque", "Ragout")


def test_a_savepoint_takes_back_what_was_written_in_it_and_nothing_else():
    def work():
        rename("soup", "Broth")
        with pytest.raises(ZeroDivisionError), transaction.atomic():
            rename("stew", "Ragout")
            assert not waits()
            raise ZeroDivisionError
        assert (name_of("soup"), name_of("stew")) == ("Broth", "Stew")

    run(work)
    assert (name_of("soup"), name_of("stew")) == ("Broth", "Stew")


def test_a_refusal_within_a_savepoint_can_be_done_without():
    def work():
        rename("soup", "Broth")
        with pytest.raises(IntegrityError), transaction.atomic():
            take_slug()

    run(work)
    assert name_of() == "Broth"


def test_what_waits_is_taken_back_with_its_transaction():
    before = generations.numbers("products")
    with pytest.raises(ZeroDivisionError):
        run(lambda: rename("soup", "Broth"), lambda: 1 / 0)
    assert (name_of(), generations.numbers("products")) == ("Soup", before)

    run(lambda: rename("stew", "Ragout"))
    assert (name_of("soup"), name_of("stew")) == ("Soup", "Ragout")


def test_a_connection_that_breaks_leaves_nothing():
    with pytest.raises(Exception, match=r"."):
        run(lambda: rename("soup", "Broth"), connection.close, lambda: rename("stew", "Ragout"))
    assert (name_of("soup"), name_of("stew")) == ("Soup", "Stew")


def test_generations_move_once_and_nobody_knows_them_meanwhile():
    before = generations.read(["products"])["products"]

    def work():
        rename("soup", "Broth")
        rename("stew", "Ragout")
        assert generations.numbers("products") is None

    run(work)
    assert generations.numbers("products")["products"] == before + 1
    assert generations.read(["products"])["products"] == before + 1


def test_a_narrowed_write_stays_narrowed_though_it_is_sent_outside():
    run(lambda: rename("soup", "Broth"))
    before = generations.read(["products", "products:1"])

    def work():
        with generations.touch("products", 1):
            rename("soup", "Bisque")
            rename("stew", "Ragout")

    run(work)
    after = generations.read(["products", "products:1"])
    assert after["products"] == before["products"]
    assert after["products:1"] != before["products:1"]


def test_errors_are_djangos_and_take_all_back():
    with pytest.raises(IntegrityError):
        run(lambda: rename("stew", "Ragout"), take_slug)
    assert name_of("stew") == "Stew"


def test_an_error_comes_with_whatever_is_asked_next():
    with pytest.raises(IntegrityError):
        run(lambda: rename("stew", "Ragout"), take_slug, name_of, pytest.fail)
    assert name_of("stew") == "Stew"


def test_each_write_may_say_what_a_constraint_means():
    def taken(error):
        assert isinstance(error, IntegrityError)
        raise KeyError("taken") from error

    for first in (lambda: rename("stew", "Ragout"), lambda: None):
        with pytest.raises(KeyError, match="taken"):
            run(first, lambda: take_slug(refused=taken))
    assert name_of("stew") == "Stew"


def test_each_write_is_told_how_many_rows_it_wrote():
    told = []
    run(
        lambda: rename("soup", "Broth", written=told.append),
        lambda: rename("salad", "Slaw", written=told.append),
        lambda: rename("stew", "Ragout", written=told.append),
    )
    assert told == [1, 0, 1]


def test_a_race_that_is_found_lost_at_the_end_is_run_again_as_a_whole():
    runs = []

    def lose(written):
        if len(runs) == 1:
            raise LostRace

    def work():
        runs.append(name_of())
        Product.objects.filter(slug="stew").update(name="Ragout")
        rename("soup", "Broth", written=lose)

    run(work)
    assert runs == ["Soup", "Soup"]
    assert (name_of("soup"), name_of("stew")) == ("Broth", "Ragout")


def test_nothing_waits_outside_of_a_transactional():
    rename("soup", "Broth")
    assert name_of() == "Broth"
    with transaction.atomic():
        rename("soup", "Bisque")
        assert not waits()
        run(lambda: rename("stew", "Ragout"))
        assert not waits()


def test_who_looks_on_sees_each_write():
    with CaptureQueriesContext(connection) as seen:
        run(lambda: rename("soup", "Broth"), lambda: rename("stew", "Ragout"))
    assert sum(query["sql"].startswith(f"UPDATE {TABLE}") for query in seen) == 2


def test_a_broken_transaction_refuses():
    with pytest.raises(transaction.TransactionManagementError):
        run(lambda: transaction.set_rollback(True), lambda: rename("soup", "Broth"), pytest.fail)


def test_two_that_wait_for_each_other_both_end(at_once):
    """What waits takes its locks in the order in which it would have been written."""
    meeting = threading.Barrier(2)

    def work(number):
        def begin():
            make_product(f"extra-{number}")
            meeting.wait(10)

        steps = [lambda: rename("soup", f"Soup {number}"), lambda: rename("stew", f"Stew {number}")]
        run(*([] if connection.vendor == "sqlite" else [begin]), *steps)

    at_once(work, 2)
    assert name_of("soup")[-1] == name_of("stew")[-1]
