"""Staff makes coupons, and looks at subscriptions and invoices without changing them."""

import pytest
from django.urls import reverse

from subscriptions.models import Coupon


def test_staff_makes_a_coupon(browse, dee):
    fields = {"code": "spring", "percent": 20, "duration": "once", "per_customer": 1}
    browse(dee).post(reverse("admin:subscriptions_coupon_add"), fields)
    assert Coupon.objects.get().code == "SPRING"


def test_a_coupon_is_a_percentage_or_an_amount(browse, dee):
    fields = {"code": "both", "percent": 20, "amount": 5, "duration": "once", "per_customer": 1}
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
