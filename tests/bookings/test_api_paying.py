"""Paying for bookings by the API: upfront, by a hold, and what cancelling gives back."""

import pytest

from bookings.models import Booking, Chef
from softfactory.kernel import clock
from softfactory.payments.models import Payment
from softfactory.payments.services.cards import add_card
from softfactory.payments.services.settling import settle_due_payments
from tests.makers import make_chef, make_policy, noon_utc

BOOKINGS = "/api/coocook/bookings"
BATCH = "/api/platform/batch-create-bookings"
TERMS = {
    "upfront_percent": 30,
    "balance": "before",
    "balance_days": 3,
    "tiers": [{"days": 10, "kept_percent": 0}, {"days": 4, "kept_percent": 30}],
}
KEY = {"Idempotency-Key": "one"}


@pytest.fixture
def paid_chef(ben):
    chef = make_chef(ben)
    make_policy(chef)
    return chef


def give_card(user, token="card_ok"):
    add_card(user=user, token=token, now=clock.now())


def wanted(chef, days=14, **overrides):
    return {"chef_id": chef.pk, "starts_at": noon_utc(days).isoformat(), "guests": 2} | overrides


def test_booking_asks_the_card(api, ana, paid_chef):
    give_card(ana)
    answer = api(ana).post(BOOKINGS, wanted(paid_chef))
    assert answer.status_code == 201
    shown = answer.json()
    assert (shown["status"], shown["payment_status"]) == ("pending", "held")
    assert answer.headers["Location"] == f"{BOOKINGS}/{shown['id']}"
    [payment] = api(ana).get("/api/platform/payments").json()["results"]
    assert payment["subject"] == {"kind": "bookings.booking", "id": shown["id"]}
    assert payment["amount"] == {"amount": 78_000, "currency": "KRW"}


def test_the_same_key_pays_once(api, ana, paid_chef):
    give_card(ana)
    first, second = (api(ana).post(BOOKINGS, wanted(paid_chef), headers=KEY) for _twice in range(2))
    assert first.content == second.content
    assert second.headers["Idempotency-Replayed"] == "true"
    assert Payment.objects.count() == 1


def test_without_a_card_it_is_refused(api, ana, paid_chef):
    answer = api(ana).post(BOOKINGS, wanted(paid_chef))
    assert (answer.status_code, answer.json()["code"]) == (422, "card_missing")
    assert not Booking.objects.exists()


def test_a_declined_card_books_nothing_and_the_time_is_free(api, ana, paid_chef):
    give_card(ana, "card_declined")
    answer = api(ana).post(BOOKINGS, wanted(paid_chef), headers=KEY)
    assert (answer.status_code, answer.json()["code"]) == (422, "card_declined")
    again = api(ana).post(BOOKINGS, wanted(paid_chef), headers=KEY)
    assert again.headers["Idempotency-Replayed"] == "true"
    give_card(ana)
    assert api(ana).post(BOOKINGS, wanted(paid_chef)).status_code == 201


def test_a_bank_that_asks_leaves_it_held(api, ana, paid_chef):
    give_card(ana, "card_authenticate")
    answer = api(ana).post(BOOKINGS, wanted(paid_chef))
    assert answer.status_code == 201
    assert (answer.json()["status"], answer.json()["payment_status"]) == ("held", "due")
    assert answer.json()["expires_at"]
    [payment] = api(ana).get("/api/platform/payments").json()["results"]
    assert payment["action"]["url"]


def test_a_hold_is_paid_by_its_customer_alone(api, ana, ben, cho, paid_chef):
    give_card(ana)
    hold = api(ana).post(BOOKINGS, wanted(paid_chef, hold=True)).json()
    assert (hold["status"], hold["payment_status"]) == ("held", "due")
    pay = f"{BOOKINGS}/{hold['id']}/pay"
    assert api(cho).post(pay).status_code == 404
    assert api(ben).post(pay).status_code == 403
    assert api(ana).post(f"{BOOKINGS}/{hold['id']}/confirm").json()["code"] == "payment_required"
    paid = api(ana).post(pay)
    assert (paid.status_code, paid.json()["status"]) == (200, "pending")
    assert api(ana).post(pay).json()["code"] == "nothing_to_pay"


def test_a_hold_outlives_a_declined_card(api, ana, paid_chef):
    give_card(ana, "card_declined")
    hold = api(ana).post(BOOKINGS, wanted(paid_chef, hold=True)).json()
    answer = api(ana).post(f"{BOOKINGS}/{hold['id']}/pay")
    assert (answer.status_code, answer.json()["code"]) == (422, "card_declined")
    assert Booking.objects.get().payment_status == "failed"
    give_card(ana)
    assert api(ana).post(f"{BOOKINGS}/{hold['id']}/pay").json()["status"] == "pending"


def test_a_batch_is_paid_as_a_whole(api, ana, chef, paid_chef):
    give_card(ana)
    items = [wanted(paid_chef, 7), wanted(chef, 8), wanted(paid_chef, 9)]
    answer = api(ana).post(BATCH, {"bookings": items})
    assert answer.status_code == 201
    assert [row["payment_status"] for row in answer.json()["bookings"]] == ["held", "none", "held"]


def test_or_not_at_all(api, ana, chef, paid_chef):
    give_card(ana, "card_declined")
    items = [wanted(chef, 8), wanted(paid_chef, 9)]
    answer = api(ana).post(BATCH, {"bookings": items})
    assert (answer.status_code, answer.json()["code"]) == (422, "card_declined")
    assert set(Booking.objects.values_list("status", flat=True)) == {"cancelled"}


def test_a_batch_has_no_time_for_a_bank(api, ana, paid_chef):
    give_card(ana, "card_authenticate")
    items = [wanted(paid_chef, 8), wanted(paid_chef, 9)]
    answer = api(ana).post(BATCH, {"bookings": items})
    assert (answer.status_code, answer.json()["code"]) == (422, "authentication_required")
    assert set(Booking.objects.values_list("status", flat=True)) == {"cancelled"}


def test_the_preview_is_what_cancelling_does(api, ana, ben, paid_chef):
    give_card(ana)
    booking = api(ana).post(BOOKINGS, wanted(paid_chef, 6)).json()["id"]
    api(ben).post(f"{BOOKINGS}/{booking}/confirm")
    preview = api(ana).get(f"{BOOKINGS}/{booking}/cancellation-preview").json()
    held = {"amount": 78_000, "currency": "KRW"}
    assert preview == {"paid": held, "kept": held, "refund": {"amount": 0, "currency": "KRW"}}
    for_the_chef = api(ben).get(f"{BOOKINGS}/{booking}/cancellation-preview").json()
    assert for_the_chef["refund"] == held
    refused = api(ana).post(f"{BOOKINGS}/{booking}/cancel", {"refund": held})
    assert (refused.status_code, refused.json()["code"]) == (409, "refund_changed")
    answer = api(ana).post(f"{BOOKINGS}/{booking}/cancel", {"refund": preview["refund"]})
    assert answer.json()["status"] == "cancelled"
    late = api(ana).get(f"{BOOKINGS}/{booking}/cancellation-preview")
    assert (late.status_code, late.json()["code"]) == (409, "wrong_state")


def test_a_policy_is_public_and_its_owners_to_set(api, ana, ben):
    chef = make_chef(ben)
    address = f"/api/coocook/chefs/{chef.pk}/policy"
    before = api().get(address)
    nothing = {"upfront_percent": 0, "balance": "after", "balance_days": 0, "tiers": []}
    assert before.json() == {**nothing, "fee_percent": 10}
    assert api(ben).put(address, TERMS).status_code == 428
    etag = {"If-Match": before.headers["ETag"]}
    assert api(ana).put(address, TERMS, headers=etag).status_code == 404
    answer = api(ben).put(address, TERMS, headers=etag)
    assert answer.json() == {**TERMS, "fee_percent": 10}
    assert api().get(address).json() == answer.json()
    assert api(ben).put(address, TERMS, headers=etag).status_code == 412
    back = api(ben).put(address, nothing, headers={"If-Match": "*"})
    assert back.json()["upfront_percent"] == 0
    assert Chef.objects.get(pk=chef.pk).policy is None


@pytest.mark.parametrize(
    ("change", "field", "code"),
    [
        ({"upfront_percent": 101}, "upfront_percent", "max_value"),
        ({"balance": "later"}, "balance", "invalid_choice"),
        ({"balance": "after"}, "balance_days", "not_before"),
        ({"upfront_percent": 0}, "tiers", "nothing_paid"),
        ({"tiers": TERMS["tiers"][::-1]}, "tiers", "not_in_order"),
        ({"tiers": [{"days": 4, "kept_percent": 200}]}, "tiers.0.kept_percent", "max_value"),
        ({"fee_percent": 0}, "fee_percent", "read_only"),
    ],
)
def test_a_wrong_policy_is_refused_by_name(api, ben, chef, change, field, code):
    answer = api(ben).put(
        f"/api/coocook/chefs/{chef.pk}/policy", TERMS | change, headers={"If-Match": "*"}
    )
    assert answer.status_code == 400
    [error] = answer.json()["errors"]
    assert (error["field"], error["code"]) == (field, code)


def test_a_chef_sees_what_was_earned(api, ana, ben, paid_chef):
    give_card(ana)
    booking = api(ana).post(BOOKINGS, wanted(paid_chef, 6)).json()["id"]
    api(ben).post(f"{BOOKINGS}/{booking}/confirm")
    earnings = f"/api/coocook/chefs/{paid_chef.pk}/earnings"
    assert api(ben).get(earnings).json()["due"] == [{"amount": 0, "currency": "KRW"}]
    settle_due_payments(now=clock.now(), at_once=10)
    api(ana).post(f"{BOOKINGS}/{booking}/cancel")
    shown = api(ben).get(earnings).json()
    assert shown["due"] == [{"amount": 70_200, "currency": "KRW"}]
    [turn] = shown["latest"]
    assert (turn["kind"], turn["booking_id"], turn["fee"]["amount"]) == ("earning", booking, 7_800)
