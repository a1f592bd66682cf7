"""Staff makes coupons, and looks at subscriptions and invoices without changing them."""

import pytest
from django.urls import reverse

from subscriptions.models import Coupon, Exemption, Feature, Product
from tests.makers import make_coupon, make_feature, make_product

NO_USES = {"redemptions-TOTAL_FORMS": 0, "redemptions-INITIAL_FORMS": 0}


def test_staff_makes_a_coupon(browse, dee):
    fields = {"code": "spring", "percent": 20, "duration": "once", "per_customer": 1}
    fields |= NO_USES
    browse(dee).post(reverse("admin:subscriptions_coupon_add"), fields)
    assert Coupon.objects.get().code == "SPRING"


def test_a_coupon_is_a_percentage_or_an_amount(browse, dee):
    fields = {"code": "both", "percent": 20, "amount": 5, "duration": "once", "per_customer": 1}
    fields |= NO_USES
    page = browse(dee).post(reverse("admin:subscriptions_coupon_add"), fields)
    assert page.status_code == 200
    assert not Coupon.objects.exists()


@pytest.mark.parametrize("kind", ["subscription", "invoice"])
def test_staff_looks_and_changes_nothing(browse, dee, begin, kind):
    subscription = begin("Small")
    row = subscription if kind == "subscription" else subscription.invoices.get()
    browser = browse(dee)
    listed = browser.get(reverse(f"admin:subscriptions_{kind}_changelist"))
    assert str(row) in listed.text
    page = reverse(f"admin:subscriptions_{kind}_change", args=[row.pk])
    assert browser.get(page).status_code == 200
    assert browser.post(page, {"status": "cancelled"}).status_code == 403
    assert browser.get(reverse(f"admin:subscriptions_{kind}_add")).status_code == 403


def test_what_a_plan_allows_moves_its_products_version(browse, dee):
    product = make_product("studio")
    plan = product.plans.by_rank()[0]
    make_feature("sns.posts")
    page = reverse("admin:subscriptions_plan_change", args=[plan.pk])
    assert browse(dee).get(page).status_code == 200
    rows = {
        "features-TOTAL_FORMS": 1,
        "features-INITIAL_FORMS": 0,
        "features-0-plan": plan.pk,
        "features-0-feature": "sns.posts",
        "features-0-value": 60,
    }
    assert browse(dee).post(page, rows).status_code == 302
    assert plan.features.get().value == 60
    assert Product.objects.get().version == product.version + 1


def test_what_is_allowed_or_not_takes_no_number(browse, dee):
    plan = make_product("studio").plans.by_rank()[0]
    make_feature("sns.approval", kind=Feature.Kind.BOOLEAN)
    rows = {
        "features-TOTAL_FORMS": 1,
        "features-INITIAL_FORMS": 0,
        "features-0-plan": plan.pk,
        "features-0-feature": "sns.approval",
        "features-0-value": 2,
    }
    page = reverse("admin:subscriptions_plan_change", args=[plan.pk])
    assert "write 1 or 0" in browse(dee).post(page, rows).text
    assert not plan.features.exists()


def test_staff_makes_a_feature_whose_key_stays(browse, dee):
    fields = {"key": "sns.posts", "name": "Posts", "kind": "metered", "free": 5, "rank": 1}
    browser = browse(dee)
    assert browser.post(reverse("admin:subscriptions_feature_add"), fields).status_code == 302
    page = reverse("admin:subscriptions_feature_change", args=["sns.posts"])
    assert browser.post(page, fields | {"key": "sns.other", "free": 6}).status_code == 302
    assert Feature.objects.values_list("key", "free").get() == ("sns.posts", 6)
    refused = browser.post(
        reverse("admin:subscriptions_feature_add"), fields | {"key": "sns.x", "kind": "boolean"}
    )
    assert "has 1 or 0 without a plan" in refused.text


def test_staff_exempts_somebody(browse, dee, ana):
    fields = {"user": ana.pk, "reason": "A partner"}
    page = reverse("admin:subscriptions_exemption_add")
    assert browse(dee).post(page, fields).status_code == 302
    assert Exemption.objects.get().user == ana


def test_a_coupon_that_is_used_can_be_ended_and_not_changed(browse, dee, begin):
    coupon = make_coupon()
    begin("Small", coupon="SPRING")
    browser = browse(dee)
    assert "SPRING" in browser.get(reverse("admin:subscriptions_coupon_changelist")).text
    page = reverse("admin:subscriptions_coupon_change", args=[coupon.pk])
    ended = {"expires_at_0": "2027-02-01", "expires_at_1": "00:00:00"}
    fields = {"percent": 1, "per_customer": 1, **ended}
    rows = {"redemptions-TOTAL_FORMS": 1, "redemptions-INITIAL_FORMS": 1}
    rows |= {"redemptions-0-id": coupon.redemptions.get().pk, "redemptions-0-coupon": coupon.pk}
    assert browser.post(page, fields | rows).status_code == 302
    coupon.refresh_from_db()
    assert (coupon.percent, coupon.expires_at is None) == (50, False)
    gone = reverse("admin:subscriptions_coupon_delete", args=[coupon.pk])
    assert browser.post(gone, {"post": "yes"}).status_code == 403
