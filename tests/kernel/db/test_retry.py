"""A transaction that lost a race is run once more, as a whole."""

import threading

import pytest
from django.db import OperationalError, connection, transaction
from django.test.utils import CaptureQueriesContext

from softfactory.kernel.db.retry import LostRace, transactional
from subscriptions.models import Product
from tests.makers import make_product

pytestmark = pytest.mark.django_db(transaction=True)


class Deadlock(Exception):
    sqlstate = "40P01"


class Serialization(Exception):
    sqlstate = "40001"


class Cancelled(Exception):
    sqlstate = "57014"


def refusal(cause):
    error = OperationalError("no")
    error.__cause__ = cause
    return error


class Work:
    """Writes a product, then fails with each of `errors` in turn; counts its runs."""

    def __init__(self, *errors):
        self.errors = list(errors)
        self.runs = 0

    def __call__(self):
        self.runs += 1
        make_product()
        if self.errors:
            raise self.errors.pop(0)
        return "done"


@pytest.mark.parametrize("error", [refusal(Deadlock()), refusal(Serialization()), LostRace()])
def test_a_lost_race_is_run_again_as_a_whole(error):
    work = Work(error)

    assert transactional(work)() == "done"
    assert work.runs == 2
    assert Product.objects.count() == 1


@pytest.mark.parametrize("error", [refusal(Deadlock()), LostRace()])
def test_three_losses_are_enough(error):
    work = Work(error, error, error)

    with pytest.raises(type(error)):
        transactional(work)()
    assert work.runs == 3
    assert not Product.objects.exists()


@pytest.mark.parametrize("error", [refusal(Cancelled()), refusal(None), ValueError("no")])
def test_other_errors_are_not_repeated(error):
    work = Work(error)

    with pytest.raises(type(error)):
        transactional(work)()
    assert work.runs == 1
    assert not Product.objects.exists()


def test_only_the_outermost_transaction_repeats():
    inner = Work(refusal(Deadlock()))
    outer_runs = []

    @transactional
    def outer():
        outer_runs.append(1)
        return transactional(inner)()

    assert outer() == "done"
    assert (len(outer_runs), inner.runs) == (2, 2)
    assert Product.objects.count() == 1


def test_an_inner_transaction_is_a_part_of_the_outer():
    with CaptureQueriesContext(connection) as queries:
        transactional(transactional(make_product))()

    assert not any("SAVEPOINT" in query["sql"] for query in queries)


def test_a_part_that_failed_takes_the_whole_with_it():
    @transactional
    def outer():
        make_product()
        with pytest.raises(ValueError, match="no"):
            transactional(Work(ValueError("no")))()

    with pytest.raises(transaction.TransactionManagementError):
        outer()
    assert not Product.objects.exists()


def test_whoever_can_do_without_a_part_puts_a_savepoint_around_it():
    @transactional
    def outer():
        make_product("kept")
        with pytest.raises(ValueError, match="no"), transaction.atomic():
            transactional(Work(ValueError("no")))()

    outer()
    assert Product.objects.get().slug == "kept"


def test_inside_a_plain_transaction_nothing_repeats():
    work = Work(refusal(Deadlock()))

    with pytest.raises(OperationalError), transaction.atomic():
        transactional(work)()
    assert work.runs == 1


def test_what_waits_for_the_commit_runs_once():
    seen = []
    work = Work(refusal(Deadlock()))

    @transactional
    def enqueue():
        transaction.on_commit(lambda: seen.append(1))
        work()

    enqueue()
    assert seen == [1]


def test_arguments_and_name_are_the_functions_own():
    @transactional
    def add(a, *, b):
        """Add."""
        return a + b

    assert add(1, b=2) == 3
    assert (add.__name__, add.__doc__) == ("add", "Add.")


@pytest.mark.postgresql
def test_a_real_deadlock_ends_well_for_both(at_once):
    slugs = [make_product("one").slug, make_product("two").slug]
    meeting = threading.Barrier(2)

    def update_both(number):
        runs, order = [], slugs if number == 0 else slugs[::-1]

        @transactional
        def work():
            runs.append(1)
            for slug in order:
                Product.objects.filter(slug=slug).update(name=f"by {number}")
                if len(runs) == 1 and slug == order[0]:
                    meeting.wait(5)
            return len(runs)

        return work()

    assert max(at_once(update_both, 2)) > 1  # 2, unless the same met once more
    assert len(set(Product.objects.values_list("name", flat=True))) == 1
