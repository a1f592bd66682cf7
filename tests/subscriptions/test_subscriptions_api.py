"""The API of subscriptions: what its customer sees and does, and nobody else."""

from copy import copy
from datetime import timedelta

import pytest

from softfactory.kernel import clock
from softfactory.payments.models import Payment
from subscriptions.models import Coupon, Redemption, Subscription
from tests.bookings.answers import problem, wrong_fields
from tests.makers import make_coupon

LIST = "/api/platform/subscriptions"


@pytest.fixture
def mine(ana, begin):
    """Ana's subscription, begun today."""
    return begin("Small", now=clock.now())


@pytest.fixture
def at(mine):
    """`at("pause")` is the address of what is done with Ana's subscription."""
    return lambda verb: f"{LIST}/{mine.pk}/{verb}"


def test_one_subscribes_and_reads_it(api, ana, plan, card, product):
    card()
    answer = api(ana).post(LIST, {"plan_id": plan("Small").pk})
    row = answer.json()
    assert answer.status_code == 201
    assert answer.headers["Location"] == f"{LIST}/{row['id']}"
    assert (row["status"], row["product"], row["plan"]) == ("active", "coocook", "Small")
    assert (row["user"], row["plan_type"]) == (ana.pk, "monthly")
    assert row["price"] == {"amount": 10_000, "currency": "KRW"}

    shown = api(ana).get(answer.headers["Location"])
    assert shown.json() == row
    assert shown.headers["ETag"] == answer.headers["ETag"]
    assert shown.headers["Cache-Control"] == "private, no-store"
    assert api(ana).get(LIST).json()["results"] == [shown.json()]


def test_a_declined_card_begins_nothing(api, ana, plan, card):
    card("card_declined")
    key = {"Idempotency-Key": "once"}

    first = api(ana).post(LIST, {"plan_id": plan("Small").pk}, headers=key)

    assert problem(first) == (422, "card_declined")
    assert Subscription.objects.get().status == "cancelled"
    second = api(ana).post(LIST, {"plan_id": plan("Small").pk}, headers=key)
    assert second.content == first.content
    assert Payment.objects.count() == 1


def test_a_bank_that_asks_keeps_it_waiting(api, ana, plan, card):
    card("card_authenticate")

    answer = api(ana).post(LIST, {"plan_id": plan("Small").pk})

    assert (answer.status_code, answer.json()["status"]) == (201, "past_due")
    (payment,) = api(ana).get("/api/platform/payments").json()["results"]
    assert payment["state"] == "requires_action"


def test_a_year_is_annual(api, ana, plan, card):
    card()
    row = api(ana).post(LIST, {"plan_id": plan("Small", "year").pk}).json()
    assert row["plan_type"] == "annual"


def test_a_repeated_request_subscribes_and_charges_once(api, ana, plan, card):
    card()
    key = {"Idempotency-Key": "once"}
    first, second = (
        api(ana).post(LIST, {"plan_id": plan("Small").pk}, headers=key) for _ in range(2)
    )
    assert second.content == first.content
    assert second.headers["Idempotency-Replayed"] == "true"
    assert Payment.objects.count() == Subscription.objects.count() == 1


@pytest.mark.parametrize(
    ("body", "wrong"),
    [
        ({}, {"plan_id": "required"}),
        ({"plan_id": "1"}, {"plan_id": "invalid"}),
        ({"plan_id": 0}, {"plan_id": "min_value"}),
        ({"plan_id": 1, "price": 5}, {"price": "unknown"}),
        ({"plan_id": 1, "coupon": 5}, {"coupon": "invalid"}),
    ],
)
def test_names_what_is_wrong(api, ana, body, wrong):
    assert wrong_fields(api(ana).post(LIST, body)) == wrong


def test_refusals(api, ana, plan, card):
    client = api(ana)
    wish = {"plan_id": plan("Small").pk}
    assert problem(client.post(LIST, {"plan_id": 10**9})) == (404, "plan_not_found")
    assert problem(client.post(LIST, wish)) == (422, "card_missing")
    card()
    assert problem(client.post(LIST, wish | {"coupon": "NO"})) == (422, "coupon_unknown")
    assert client.post(LIST, wish).status_code == 201
    assert problem(client.post(LIST, wish)) == (409, "already_subscribed")


def test_a_row_says_which_coupon_it_has_and_how_long(api, begin):
    make_coupon(duration="repeating", periods=3)
    subscription = begin("Small", coupon="SPRING", now=clock.now())
    client = api(subscription.user)
    shown = client.get(f"{LIST}/{subscription.pk}")
    assert shown.json()["coupon"] == {"code": "SPRING", "periods_left": 2}
    assert client.get(LIST).json()["results"] == [shown.json()]
    Redemption.objects.update(periods_left=1)
    tag = {"If-None-Match": shown.headers["ETag"]}
    assert (
        client.get(f"{LIST}/{subscription.pk}", headers=tag).json()["coupon"]["periods_left"] == 1
    )


def test_a_coupon_is_redeemed(api, ana, plan, card):
    card()
    Coupon.objects.create(code="HALF", percent=50)
    api(ana).post(LIST, {"plan_id": plan("Small").pk, "coupon": "half"})
    assert Payment.objects.get().amount == 5_000


def test_the_list_is_narrowed_by_state(api, ana, mine):
    assert len(api(ana).get(f"{LIST}?status=active").json()["results"]) == 1
    assert api(ana).get(f"{LIST}?status=paused").json()["results"] == []
    for query in ("status=gone", "status=", "colour=red"):
        assert api(ana).get(f"{LIST}?{query}").status_code == 400


def test_nobody_else_finds_it(api, cho, mine, at):
    assert api().get(LIST).status_code == 401
    assert api(cho).get(LIST).json()["results"] == []
    assert problem(api(cho).get(f"{LIST}/{mine.pk}")) == (404, "not_found")
    for verb in ("preview", "change", "pause", "resume", "cancel"):
        assert api(cho).post(at(verb), {"plan_id": 1}).status_code in {400, 404}, verb
    mine.refresh_from_db()
    assert mine.status == "active"


def test_a_token_that_only_reads_changes_nothing(api, ana, at):
    assert problem(api(ana, scopes=["subscriptions:read"]).post(at("pause"))) == (
        403,
        "scope_missing",
    )


@pytest.mark.usefixtures("still")
def test_a_preview_is_what_the_change_charges(api, ana, plan, at, mine):
    wish = {"plan_id": plan("Large").pk}
    preview = api(ana).post(at("preview"), wish).json()
    assert preview["at"] == "now"
    assert [line["kind"] for line in preview["lines"]] == ["unused", "period"]
    assert preview["total"] == preview["due"] == {"amount": 20_000, "currency": "KRW"}

    changed = api(ana).post(at("change"), wish | {"as_of": preview["as_of"]})

    assert changed.json()["plan"] == "Large"
    invoice = api(ana).get("/api/platform/invoices").json()["results"][0]
    for part in ("lines", "total", "tax", "credit", "due"):
        assert invoice[part] == preview[part]


def test_a_preview_changes_nothing(api, ana, plan, at, mine):
    api(ana).post(at("preview"), {"plan_id": plan("Large").pk})
    assert mine.invoices.count() == 1
    assert Subscription.objects.get().plan.name == "Small"


def test_what_a_change_says_is_checked(api, ana, plan, at):
    large = plan("Large").pk
    for body, field in (
        ({"plan_id": large, "at": "later"}, "at"),
        ({"plan_id": large, "as_of": "2027-01-01T00:00:00"}, "as_of"),
        ({"plan_id": large, "amount": 1}, "amount"),
    ):
        for verb in ("preview", "change"):
            assert set(wrong_fields(api(ana).post(at(verb), body))) == {field}
    late = (clock.now() - timedelta(hours=1)).isoformat()
    answer = api(ana).post(at("change"), {"plan_id": large, "as_of": late})
    assert problem(answer) == (422, "preview_too_old")


def test_pause_resume_cancel_and_take_it_back(api, ana, at):
    client = api(ana)
    assert client.post(at("pause")).json()["status"] == "paused"
    assert problem(client.post(at("pause"))) == (409, "wrong_state")
    assert client.post(at("resume")).json()["status"] == "active"
    assert client.post(at("cancel")).json()["cancel_at_period_end"] is True
    assert client.post(at("resume")).json()["cancel_at_period_end"] is False
    assert client.post(at("cancel"), {"at": "now"}).json()["status"] == "cancelled"
    assert problem(client.post(at("resume"))) == (409, "wrong_state")
    assert wrong_fields(client.post(at("cancel"), {"at": "soon"})) == {"at": "invalid_choice"}
    assert wrong_fields(client.post(at("pause"), {"for": 3})) == {"for": "unknown"}


@pytest.mark.parametrize("rows", [1, 5])
def test_the_list_costs_two_queries(api, ana, mine, rows, django_assert_num_queries):
    mine.pk, mine.status, mine.ended_at = None, "cancelled", clock.now()
    Subscription.objects.bulk_create(copy(mine) for _ in range(rows - 1))
    client = api(ana)
    with django_assert_num_queries(2):
        assert len(client.get(LIST).json()["results"]) == rows
