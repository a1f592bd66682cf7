"""The products' API: everybody reads what is sold, staff alone writes."""

import pytest

from subscriptions.models import Feature, Plan, PlanFeature, Product
from tests.bookings.answers import wrong_fields
from tests.makers import make_feature, make_product

LIST = "/api/platform/products"
PLAN = {"name": "Monthly", "interval": "month", "price": {"amount": 9900, "currency": "KRW"}}


def body(**overrides):
    return {"slug": "coocook", "name": "CooCook", "plans": [PLAN]} | overrides


@pytest.mark.django_db
def test_lists_what_is_sold_by_name(api):
    make_product("zeta", name="Zeta")
    make_product("alpha", name="Alpha")
    make_product("gone", is_active=False)
    answer = api().get(LIST)
    assert answer.status_code == 200
    assert [row["slug"] for row in answer.json()["results"]] == ["alpha", "zeta"]


@pytest.mark.django_db
def test_shows_a_product_with_its_plans_and_smallest_prices(api):
    make_product("coocook", icon="pan")
    row = api().get(f"{LIST}/coocook").json()
    assert row["icon"] == "pan"
    assert row["monthly_price"] == {"amount": 9900, "currency": "KRW"}
    assert row["annual_price"] == {"amount": 99000, "currency": "KRW"}
    assert [plan["name"] for plan in row["plans"]] == ["Monthly", "Yearly"]
    members = {"id", "name", "interval", "price", "trial_days", "rank", "features"}
    assert set(row["plans"][0]) == members


@pytest.mark.django_db
def test_shows_what_each_plan_allows(api):
    small, large = make_product("studio").plans.by_rank()
    boolean, limit = Feature.Kind.BOOLEAN, Feature.Kind.LIMIT
    make_feature("sns.posts", name="Posts", rank=2, plans={small: 60, large: None})
    make_feature("sns.accounts", name="Accounts", rank=1, kind=limit, plans={small: 3})
    make_feature("sns.approval", name="Approval", rank=3, kind=boolean, plans={small: 0, large: 1})
    plans = api().get(f"{LIST}/studio").json()["plans"]
    assert plans[0]["features"] == [
        {"key": "sns.accounts", "name": "Accounts", "kind": "limit", "allowed": True, "limit": 3},
        {"key": "sns.posts", "name": "Posts", "kind": "metered", "allowed": True, "limit": 60},
        {
            "key": "sns.approval",
            "name": "Approval",
            "kind": "boolean",
            "allowed": False,
            "limit": None,
        },
    ]
    shown = [(one["key"], one["allowed"], one["limit"]) for one in plans[1]["features"]]
    assert shown == [("sns.posts", True, None), ("sns.approval", True, None)]


@pytest.mark.django_db
def test_what_is_not_sold_is_absent(api):
    make_product("gone", is_active=False)
    assert api().get(f"{LIST}/gone").status_code == 404


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("rows", [1, 30])
def test_costs_two_queries_cold_and_none_warm(api, rows, django_assert_num_queries):
    made = [make_product() for _ in range(rows)]
    make_feature(plans={product.plans.first(): 5 for product in made})
    with django_assert_num_queries(2):
        cold = api().get(LIST)
    with django_assert_num_queries(0):
        warm = api().get(LIST)
    assert warm.content == cold.content
    assert cold.headers["Cache-Control"] == (
        "public, max-age=0, s-maxage=1, stale-while-revalidate=5"
    )


@pytest.mark.django_db(transaction=True)
def test_a_change_of_what_a_plan_allows_is_seen_at_once_and_by_its_etag(api):
    plan = make_product("studio").plans.by_rank()[0]
    make_feature("sns.posts", plans={plan: 60})
    etag = api().get(f"{LIST}/studio").headers["ETag"]
    PlanFeature.objects.update(value=61)
    changed = api().get(f"{LIST}/studio", headers={"If-None-Match": etag})
    assert changed.json()["plans"][0]["features"][0]["limit"] == 61
    Feature.objects.update(name="Notes")
    again = api().get(f"{LIST}/studio", headers={"If-None-Match": changed.headers["ETag"]})
    assert again.json()["plans"][0]["features"][0]["name"] == "Notes"


@pytest.mark.django_db(transaction=True)
def test_a_change_is_seen_at_once_and_by_its_etag(api):
    product = make_product("coocook")
    first = api().get(f"{LIST}/coocook")
    etag = first.headers["ETag"]
    assert api().get(f"{LIST}/coocook", headers={"If-None-Match": etag}).status_code == 304
    Plan.objects.filter(product=product, name="Monthly").update(price_amount=12_000)
    second = api().get(f"{LIST}/coocook", headers={"If-None-Match": etag})
    assert second.status_code == 200
    assert second.json()["monthly_price"]["amount"] == 12_000
    assert api().get(LIST).json()["results"][0]["monthly_price"]["amount"] == 12_000


@pytest.mark.django_db
def test_staff_adds_a_product(api, dee):
    answer = api(dee).post(LIST, body())
    assert answer.status_code == 201
    assert answer.headers["Location"] == f"{LIST}/coocook"
    assert answer.headers["ETag"].startswith('"1.')
    assert Product.objects.get().plans.get().price_amount == 9900


@pytest.mark.django_db
@pytest.mark.parametrize(("who", "status"), [(None, 401), ("ana", 403)])
def test_nobody_else_writes(api, request, who, status):
    user = request.getfixturevalue(who) if who else None
    make_product("coocook")
    for method, path in (
        ("post", LIST),
        ("patch", f"{LIST}/coocook"),
        ("delete", f"{LIST}/coocook"),
    ):
        answer = getattr(api(user), method)(path, body(), headers={"If-Match": "*"})
        assert answer.status_code == status, method
    assert Product.objects.count() == 1


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("overrides", "field"),
    [
        ({"slug": "no spaces"}, "slug"),
        ({"name": ""}, "name"),
        ({"name": 5}, "name"),
        ({"slug": 5}, "slug"),
        ({"is_active": "yes"}, "is_active"),
        ({"plans": [PLAN | {"rank": "4"}]}, "plans.0.rank"),
        ({"price": 5}, "price"),
        ({"monthly_price": None}, "monthly_price"),
        ({"plans": [PLAN | {"price": {"amount": -1, "currency": "KRW"}}]}, "plans.0.price"),
        ({"plans": [PLAN | {"price": {"amount": 1, "currency": "XXX"}}]}, "plans.0.price"),
        ({"plans": [PLAN | {"interval": "week"}]}, "plans.0.interval"),
        ({"plans": [PLAN | {"owner": 1}]}, "plans.0.owner"),
        ({"plans": [PLAN, PLAN]}, "plans"),
        ({"plans": "all"}, "plans"),
    ],
)
def test_names_what_is_wrong(api, dee, overrides, field):
    answer = api(dee).post(LIST, body(**overrides))
    assert answer.status_code == 400
    assert [error["field"] for error in answer.json()["errors"]] == [field]
    assert not Product.objects.exists()


@pytest.mark.django_db
def test_a_slug_is_taken_once(api, dee):
    make_product("coocook")
    answer = api(dee).post(LIST, body())
    assert (answer.status_code, answer.json()["code"]) == (409, "slug_taken")


@pytest.mark.django_db
def test_staff_changes_a_product_at_the_version_they_saw(api, dee):
    make_product("coocook")
    client = api(dee)
    etag = client.get(f"{LIST}/coocook").headers["ETag"]
    changed = client.patch(f"{LIST}/coocook", {"name": "CooCook Pro"}, headers={"If-Match": etag})
    assert changed.status_code == 200
    assert changed.json()["name"] == "CooCook Pro"
    assert len(changed.json()["plans"]) == 2
    stale = client.patch(f"{LIST}/coocook", {"name": "Other"}, headers={"If-Match": etag})
    assert (stale.status_code, stale.json()["code"]) == (412, "stale_version")
    missing = client.patch(f"{LIST}/coocook", {"name": "Other"})
    assert missing.status_code == 428
    assert Product.objects.get().name == "CooCook Pro"


@pytest.mark.django_db
@pytest.mark.parametrize("missing", ["name", "interval", "price"])
def test_a_plan_is_whole_also_in_a_change_of_parts(api, dee, missing):
    make_product("coocook")
    plan = {name: value for name, value in PLAN.items() if name != missing}

    answer = api(dee).patch(f"{LIST}/coocook", {"plans": [plan]}, headers={"If-Match": "*"})

    assert wrong_fields(answer) == {f"plans.0.{missing}": "required"}


def test_plans_are_replaced_as_a_whole_and_keep_their_ids(api, dee):
    product = make_product("coocook")
    monthly = product.plans.get(name="Monthly")
    plans = [PLAN | {"price": {"amount": 1, "currency": "EUR"}}]
    answer = api(dee).patch(f"{LIST}/coocook", {"plans": plans}, headers={"If-Match": "*"})
    assert [plan["id"] for plan in answer.json()["plans"]] == [monthly.pk]
    assert answer.headers["ETag"].startswith('"2.')


@pytest.mark.django_db
def test_staff_deletes_a_product(api, dee):
    make_product("coocook")
    stale = api(dee).delete(f"{LIST}/coocook", headers={"If-Match": '"9.x"'})
    assert stale.status_code == 412
    assert api(dee).delete(f"{LIST}/coocook").status_code == 204
    assert not Product.objects.exists()
