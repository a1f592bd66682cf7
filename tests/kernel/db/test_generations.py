"""Every committed write moves the generations of its table, whatever way it is made."""

from contextlib import contextmanager

import pytest
from django.db import IntegrityError, connection, transaction

from bookings.models import AvailabilityRule, Chef, Review
from softfactory.accounts.models import User
from softfactory.kernel.db import generations
from softfactory.kernel.models import Generation
from subscriptions.models import Plan, Product
from tests.makers import make_chef, make_product, make_review, make_user

pytestmark = pytest.mark.django_db(transaction=True)


def number(name):
    return generations.read([name])[name]


@contextmanager
def moving(name, *, by=1):
    """Assert that the generation moves by so much inside."""
    before = number(name)
    yield
    assert number(name) - before == by


@pytest.fixture
def product():
    made = make_product("one")
    Product.objects.update(name="One")  # its generation has a row now
    return made


def save(product):
    product.name = "Two"
    product.save()


def create(product):
    Product.objects.create(slug="two", name="Two")


def update(product):
    Product.objects.update(name="Two")


def bulk_create(product):
    Product.objects.bulk_create([Product(slug=slug, name=slug) for slug in "abc"])


def bulk_update(product):
    product.name = "Two"
    Product.objects.bulk_update([product], ["name"])


def delete(product):
    product.delete()


def delete_a_queryset(product):
    Plan.objects.all().delete()


def related(product):
    product.plans.update(rank=3)


def get_or_create(product):
    Product.objects.get_or_create(slug="two")


def raw_sql(product):
    with connection.cursor() as cursor:
        cursor.execute("UPDATE subscriptions_product SET name = 'Two'")


def raw_sql_behind_a_comment(product):
    with connection.cursor() as cursor:
        cursor.execute("/* by hand */ UPDATE subscriptions_product SET name = 'Two'")


def raw_sql_of_many_rows(product):
    with connection.cursor() as cursor:
        cursor.executemany("UPDATE subscriptions_product SET name = %s", [("A",), ("B",)])


def an_explicit_transaction(product):
    with transaction.atomic():
        product.delete()
        Product.objects.create(slug="two", name="Two")


def without_autocommit(product):
    transaction.set_autocommit(False)
    try:
        Product.objects.update(name="Two")
        transaction.commit()
    finally:
        transaction.set_autocommit(True)


@pytest.mark.parametrize(
    "write",
    [
        save,
        create,
        update,
        bulk_create,
        bulk_update,
        delete,
        delete_a_queryset,
        related,
        get_or_create,
        raw_sql,
        raw_sql_behind_a_comment,
        raw_sql_of_many_rows,
        an_explicit_transaction,
        without_autocommit,
    ],
)
def test_a_committed_write_moves_its_group_once(product, write):
    with moving("products"):
        write(product)


def test_a_cascade_moves_the_groups_of_what_it_deletes():
    review = make_review()

    with moving("chefs"):
        review.booking.delete()

    assert not Review.objects.exists()


def test_a_table_may_belong_to_several_groups():
    make_chef()

    with moving("chefs"), moving("calendar"):
        Chef.objects.update(name="Other")


def test_a_write_to_another_table_moves_nothing(product):
    with moving("products", by=0):
        make_user()
        User.objects.update(name="Other")


def test_a_read_moves_nothing(product):
    with moving("products", by=0):
        list(Product.objects.all())
        with transaction.atomic():
            list(Product.objects.all())


def test_a_rollback_moves_nothing(product):
    with moving("products", by=0), pytest.raises(ZeroDivisionError), transaction.atomic():
        Product.objects.update(name=str(1 / (Product.objects.update(name="Two") - 1)))


def test_what_was_rolled_back_is_not_moved_by_the_next_commit(product):
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        Product.objects.update(name="Two")
        raise ZeroDivisionError

    with moving("products", by=0):
        make_user()


def test_a_failed_write_outside_of_a_transaction_moves_nothing(product):
    with moving("products", by=0), pytest.raises(IntegrityError):
        Product.objects.create(slug="one", name="Twin")


def test_a_savepoint_that_is_rolled_back_is_harmless(product):
    with transaction.atomic():
        with pytest.raises(IntegrityError), transaction.atomic():
            Product.objects.create(slug="one", name="Twin")
        Product.objects.update(name="Two")

    assert Product.objects.get().name == "Two"


def test_the_first_number_is_not_met_again_when_the_table_was_emptied(product):
    before = number("products")
    Generation.objects.all().delete()

    Product.objects.update(name="Two")

    assert number("products") > before


def test_a_narrowed_write_moves_its_key_and_what_reads_all_of_the_group():
    one, other = make_chef(), make_chef()
    for chef in (one, other):
        with generations.touch("calendar", chef.pk):
            Chef.objects.filter(pk=chef.pk).update(name="Other")

    with (
        moving(f"calendar:{one.pk}"),
        moving("calendar:*"),
        moving("calendar", by=0),
        moving(f"calendar:{other.pk}", by=0),
        moving("chefs"),
        generations.touch("calendar", one.pk),
    ):
        Chef.objects.filter(pk=one.pk).update(name="Another")


def test_a_narrowed_write_may_have_several_keys_or_none():
    with generations.touch("calendar", 1, 2):
        make_chef()

    with moving("calendar:1"), moving("calendar:2"), generations.touch("calendar", 1, 2):
        Chef.objects.update(name="Other")
    with moving("calendar:1", by=0), moving("calendar:*"), generations.touch("calendar"):
        Chef.objects.update(name="Another")


def test_narrowing_ends_with_its_block_even_by_an_error():
    with pytest.raises(ZeroDivisionError), generations.touch("calendar", 1):
        with generations.touch("calendar", 2):
            pass
        raise ZeroDivisionError
    make_chef()

    with moving("calendar"):
        Chef.objects.update(name="Other")


@pytest.mark.parametrize(
    ("name", "followed"),
    [("calendar", {"calendar", "calendar:*"}), ("calendar:12", {"calendar", "calendar:12"})],
)
def test_what_a_read_follows(name, followed):
    assert generations.numbers(name).keys() == followed


def test_numbers_take_one_query(django_assert_num_queries):
    with django_assert_num_queries(1):
        generations.numbers("chefs", "calendar:1", "products")


def test_a_generation_that_never_moved_is_zero():
    Generation.objects.all().delete()

    assert generations.numbers("chefs:1") == {"chefs": 0, "chefs:1": 0}


def test_there_are_no_numbers_while_a_write_is_not_committed(product):
    with transaction.atomic():
        Product.objects.update(name="Two")

        assert generations.numbers("products") is None
        assert generations.numbers("chefs", "products") is None
        assert generations.numbers("chefs") is not None
    assert generations.numbers("products") is not None


def test_a_narrowed_write_hides_only_the_numbers_that_it_will_move():
    make_chef()
    with transaction.atomic(), generations.touch("calendar", 12):
        AvailabilityRule.objects.update(ends=0)

        assert generations.numbers("calendar:12") is None
        assert generations.numbers("calendar") is None
        assert generations.numbers("calendar:13") is not None
