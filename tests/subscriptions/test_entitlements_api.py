"""The API of entitlements, and the page that shows the same in words."""

import pytest
from django.urls import reverse

from softfactory.kernel import clock
from softfactory.kernel.db import kept
from subscriptions.models import Feature
from subscriptions.services.entitlements import entitlements_of
from subscriptions.services.subscribing import subscribe
from subscriptions.services.usage import record_usage
from tests.makers import make_feature, make_product

ADDRESS = "/api/platform/entitlements"


@pytest.fixture
def features(db):
    """Accounts, posts and approval, of which the free plan of a product has 3, 60 and 1."""
    plan = make_product("studio", plans=[{"name": "Trial", "interval": "month", "price_amount": 0}])
    plans = {plan.plans.get(): 3}
    kinds = Feature.Kind
    make_feature("coocook.tables", name="Accounts", kind=kinds.LIMIT, free=1, rank=1, plans=plans)
    make_feature("sns.posts", name="Posts", free=5, rank=2, plans=dict.fromkeys(plans, 60))
    approval = {"name": "Approval", "kind": kinds.BOOLEAN, "rank": 3}
    make_feature("sns.approval", plans=dict.fromkeys(plans, 1), **approval)
    return plan.plans.get()


def use_a_post(user):
    now = clock.now()
    return record_usage(user=user, feature="sns.posts", quantity=12, key="twelve", now=now)


def test_shows_what_one_may_use_and_by_what(api, ana, features):
    subscription = subscribe(user=ana, plan_id=features.pk, now=clock.now())
    use_a_post(ana)
    answer = api(ana).get(ADDRESS)
    assert answer.status_code == 200
    assert answer.headers["Cache-Control"] == "private, no-store"
    accounts, posts, approval = answer.json()["results"]
    assert accounts == {
        "feature": "coocook.tables",
        "name": "Accounts",
        "kind": "limit",
        "allowed": True,
        "limit": 3,
        "used": None,
        "left": None,
        "period_end": None,
        "source": "subscription",
        "subscription_id": subscription.pk,
    }
    assert (posts["limit"], posts["used"], posts["left"]) == (60, 12, 48)
    assert posts["period_end"] is not None
    assert (approval["allowed"], approval["limit"]) == (True, None)


def test_without_a_plan_it_shows_what_is_free(api, ana, features):
    accounts, posts, approval = api(ana).get(ADDRESS).json()["results"]
    assert (accounts["limit"], accounts["source"]) == (1, "free")
    assert (posts["left"], approval["allowed"]) == (5, False)


def test_it_is_ones_own(api, ana, cho, features):
    subscribe(user=ana, plan_id=features.pk, now=clock.now())
    use_a_post(ana)
    assert api().get(ADDRESS).status_code == 401
    assert [one["source"] for one in api(cho).get(ADDRESS).json()["results"]] == ["free"] * 3


def test_it_is_the_same_until_something_is_used(api, ana, features):
    client = api(ana)
    subscribe(user=ana, plan_id=features.pk, now=clock.now())
    etag = client.get(ADDRESS).headers["ETag"]
    assert client.get(ADDRESS, headers={"If-None-Match": etag}).status_code == 304
    use_a_post(ana)
    assert client.get(ADDRESS, headers={"If-None-Match": etag}).status_code == 200


def test_it_takes_no_parameters(api, ana):
    assert api(ana).get(f"{ADDRESS}?user=1").status_code == 400


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("count", [1, 20])
def test_many_features_are_counted_by_one_query(ana, count, django_assert_num_queries):
    for number in range(count):
        make_feature(f"sns.posts_{chr(97 + number)}", free=5)
    kept.forget_everything()
    with django_assert_num_queries(2):
        entitlements_of(ana, now=clock.now())
    with django_assert_num_queries(1):
        assert len(entitlements_of(ana, now=clock.now())) == count


def page_of(browse, user):
    return browse(user).get(reverse("subscriptions:subscription_list")).text


def test_the_page_says_what_is_used_and_shows_it(browse, ana, features):
    subscribe(user=ana, plan_id=features.pk, now=clock.now())
    use_a_post(ana)
    shown = page_of(browse, ana)
    assert "What your plan allows" in shown
    assert "12 of 60 used" in shown
    assert '<progress value="12" max="60" aria-hidden="true">' in shown
    assert "Up to 3" in shown
    assert "Counted anew from" in shown


def test_the_page_says_what_needs_no_plan(browse, ana, features):
    shown = page_of(browse, ana)
    assert "What you may use" in shown
    assert "Up to 1" in shown
    assert "Without a plan" in shown
    assert "Not in your plan" in shown


def test_where_nothing_is_limited_the_page_says_so(browse, ana):
    assert "Nothing here is limited" in page_of(browse, ana)
