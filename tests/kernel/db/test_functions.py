"""SQL that means the same on both databases."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db.models import DateTimeField, F, OuterRef, Subquery, Value
from django.db.models.functions import JSONObject

from softfactory.kernel.db.functions import CountOf, DistinctValues, JSONRows, OnQuarterHour
from subscriptions.models import Plan, Product
from tests.makers import make_product

pytestmark = pytest.mark.django_db

NOON = datetime(2027, 3, 28, 12, tzinfo=UTC)
ROW = JSONObject(name=F("name"), price=F("price_amount"))


@pytest.mark.parametrize(
    ("off", "expected"),
    [
        (timedelta(), True),
        (timedelta(minutes=15), True),
        (timedelta(minutes=45), True),
        (timedelta(minutes=7), False),
        (timedelta(minutes=30, seconds=1), False),
        (timedelta(microseconds=1), False),
        (timedelta(minutes=15, milliseconds=-1), False),
    ],
)
def test_quarter_hours(off, expected):
    moment = Value(NOON + off, output_field=DateTimeField())
    make_product()

    assert Product.objects.values_list(OnQuarterHour(moment), flat=True).get() is expected


def test_quarter_hours_of_a_stored_instant():
    make_product()
    for off, expected in ((0, True), (3, False), (30, True)):
        Product.objects.update_derived(created_at=NOON + timedelta(minutes=off))
        assert Product.objects.filter(OnQuarterHour("created_at")).exists() is expected


def plans_of_products():
    plans = Plan.objects.filter(product=OuterRef("pk")).order_by().values("product")
    return Product.objects.annotate(
        rows=Subquery(plans.annotate(rows=JSONRows(ROW)).values("rows"))
    )


def test_rows_of_a_subquery_as_json():
    made = make_product(
        "one",
        plans=[
            {"name": "Monthly é", "interval": "month", "price_amount": 10_000_000_000},
            {"name": "Yearly", "interval": "year", "price_amount": 2},
        ],
    )
    make_product("two")

    product = plans_of_products().get(pk=made.pk)

    assert sorted(product.rows, key=lambda row: row["name"]) == [
        {"name": "Monthly é", "price": 10_000_000_000},
        {"name": "Yearly", "price": 2},
    ]


def test_no_rows_are_null():
    make_product("one").plans.all().delete()

    assert plans_of_products().get().rows is None


def test_every_value_of_a_column_once():
    for slug, name, is_active in (
        ("one", "Soup", True),
        ("two", "Rice", True),
        ("three", "Soup", True),
        ("four", "김밥", True),
        ("five", "Tea", False),
    ):
        make_product(slug, name=name, is_active=is_active)

    names = DistinctValues(Product, "name", where="is_active")

    assert sorted(Product.objects.values_list(names, flat=True)[0]) == ["Rice", "Soup", "김밥"]


def test_how_many_rows_there_are_beside_each_of_a_slice():
    for slug in ("one", "two", "three"):
        make_product(slug, is_active=slug != "two")
    active = Product.objects.filter(is_active=True)

    shown = active.annotate(total=CountOf(active.order_by().values("pk"))).order_by("slug")[:1]

    assert [(product.slug, product.total) for product in shown] == [("one", 2)]
