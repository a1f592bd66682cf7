"""The version of a row moves with every edit, and with nothing else."""

from datetime import UTC, datetime

import pytest
from django.core.exceptions import FieldFetchBlocked
from django.db import IntegrityError, models, transaction

from bookings.models import Chef
from softfactory.kernel import clock
from subscriptions.models import Product
from tests.makers import make_chef, make_product

pytestmark = pytest.mark.django_db

LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)


@pytest.fixture
def product():
    made = make_product("one")
    Product.objects.filter(pk=made.pk).update_derived(updated_at=LONG_AGO)
    made.refresh_from_db()
    return made


def save(product):
    product.name = "Two"
    product.save()


def save_one_field(product):
    product.name = "Two"
    product.save(update_fields=["name"])


def update(product):
    Product.objects.update(name="Two")


def update_claiming_a_version(product):
    Product.objects.update(name="Two", version=77)


def bulk_update(product):
    product.name = "Two"
    Product.objects.bulk_update([product], ["name"])


def update_or_create(product):
    Product.objects.update_or_create(slug="one", defaults={"name": "Two"})


@pytest.mark.parametrize(
    "edit",
    [save, save_one_field, update, update_claiming_a_version, bulk_update, update_or_create],
)
def test_an_edit_moves_version_and_time(product, edit):
    edit(product)

    stored = Product.objects.get()
    assert (stored.name, stored.version) == ("Two", 2)
    assert abs(clock.now() - stored.updated_at).total_seconds() < 5


def test_a_saved_row_knows_its_new_version(product):
    product.save()
    product.save()

    assert product.version == 3


def test_a_new_row_has_version_one(product):
    assert product.version == 1


def test_versions_are_counted_by_the_database(product):
    twin = Product.objects.get()
    product.save()
    twin.save()

    assert twin.version == 3


def test_derived_columns_are_no_edit():
    chef = make_chef()
    Chef.objects.filter(pk=chef.pk).update_derived(review_count=1, rating_sum=5)

    before = chef.version, chef.updated_at, chef.derived
    chef.refresh_from_db()
    assert (chef.version, chef.updated_at) == before[:2]
    assert chef.derived != before[2]


def test_saving_no_fields_writes_nothing(product, django_assert_num_queries):
    with django_assert_num_queries(0):
        product.save(update_fields=[])

    assert product.version == 1


def test_a_row_that_is_gone_is_not_written_anew(product):
    Product.objects.all().delete()

    with pytest.raises(Product.NotUpdated), transaction.atomic():
        product.save()
    assert not Product.objects.exists()


def test_a_refused_edit_leaves_the_row_in_hand_as_it_was(product):
    make_product("two")
    product.slug = "two"

    with pytest.raises(IntegrityError), transaction.atomic():
        product.save()
    assert product.version == 1
    assert product.updated_at == LONG_AGO


def test_bulk_create_on_conflict_is_refused(product):
    twin = Product(slug="one", name="Twin")

    with pytest.raises(ValueError, match="versioned"):
        Product.objects.bulk_create(
            [twin], update_conflicts=True, unique_fields=["slug"], update_fields=["name"]
        )
    assert Product.objects.bulk_create([Product(slug="two", name="Two")])


@pytest.mark.parametrize(
    ("versions", "found"), [(None, 1), ({1}, 1), ({7, 1}, 1), ({7}, 0), (set(), 0)]
)
def test_rows_at_versions(product, versions, found):
    assert Product.objects.at_versions(versions).count() == found


def test_forgotten_relations_are_fetched_for_all_peers(django_assert_num_queries):
    owners = {make_chef().owner.email for _chef in range(3)}

    with django_assert_num_queries(2):
        assert {chef.owner.email for chef in Chef.objects.all()} == owners


def test_a_forgotten_relation_fails_where_none_is_expected():
    make_chef()
    chefs = Chef.objects.fetch_mode(models.FETCH_RAISE)

    with pytest.raises(FieldFetchBlocked):
        _email = chefs[0].owner.email
