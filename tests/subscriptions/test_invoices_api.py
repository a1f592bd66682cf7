"""The API of invoices: what is owed and was paid, line by line, for its customer alone."""

import pytest

from subscriptions.models import Invoice
from subscriptions.services.changing import change_plan
from subscriptions.services.renewing import renew_subscriptions
from tests.bookings.answers import problem
from tests.subscriptions.conftest import NOW, pay_all

LIST = "/api/platform/invoices"


@pytest.fixture
def unpaid(begin, card):
    """The invoice of Ana's second period, which her card did not pay."""
    subscription = begin("Small")
    card("card_declined")
    renew_subscriptions(subscription.current_period_end)
    pay_all(now=subscription.current_period_end)
    return subscription.invoices.owed().get()


def test_an_invoice_is_shown_line_by_line(api, ana, begin):
    invoice = begin("Small").invoices.get()
    answer = api(ana).get(f"{LIST}/{invoice.pk}")
    row = answer.json()
    assert (row["number"], row["kind"], row["status"]) == ("INV-000001", "opening", "paid")
    assert row["total"] == {"amount": 10_000, "currency": "KRW"}
    assert row["tax"] == {"amount": 909, "currency": "KRW"}
    assert row["tax_rate"] == 1_000
    assert [line["kind"] for line in row["lines"]] == ["period"]
    assert row["subscription_id"] == invoice.subscription_id
    etag = {"If-None-Match": answer.headers["ETag"]}
    assert api(ana).get(f"{LIST}/{invoice.pk}", headers=etag).status_code == 304


def test_a_credit_note_is_below_zero(api, ana, begin, plan):
    subscription = begin("Large")
    change_plan(subscription=subscription, plan_id=plan("Small").pk, when="now", now=NOW)
    row = api(ana).get(LIST).json()["results"][0]
    assert (row["number"], row["status"]) == ("CN-000001", "paid")
    assert row["total"]["amount"] == -20_000
    assert row["due"]["amount"] == 0


def test_the_list_is_narrowed_by_state(api, ana, unpaid):
    rows = api(ana).get(f"{LIST}?status=open").json()["results"]
    assert [row["id"] for row in rows] == [unpaid.pk]
    assert rows[0]["next_attempt_at"] is not None
    assert len(api(ana).get(LIST).json()["results"]) == 2
    assert api(ana).get(f"{LIST}?status=lost").status_code == 400


def test_a_new_card_pays_at_once(api, ana, unpaid, card):
    card("card_ok")
    etag = api(ana).get(f"{LIST}/{unpaid.pk}").headers["ETag"]
    answer = api(ana).post(f"{LIST}/{unpaid.pk}/pay")
    assert answer.status_code == 200
    assert answer.headers["ETag"] != etag
    assert api(ana).get(f"{LIST}/{unpaid.pk}").json()["status"] == "paid"
    assert problem(api(ana).post(f"{LIST}/{unpaid.pk}/pay")) == (409, "wrong_state")


def test_nobody_else_finds_it(api, cho, unpaid):
    assert api().get(LIST).status_code == 401
    assert api(cho).get(LIST).json()["results"] == []
    assert problem(api(cho).get(f"{LIST}/{unpaid.pk}")) == (404, "not_found")
    assert problem(api(cho).post(f"{LIST}/{unpaid.pk}/pay")) == (404, "not_found")
    assert Invoice.objects.get(pk=unpaid.pk).attempts == 1


def test_lists_and_rows_cost_two_queries(api, ana, unpaid, django_assert_num_queries):
    client = api(ana)
    for path in (LIST, f"{LIST}/{unpaid.pk}"):
        with django_assert_num_queries(2):
            assert client.get(path).status_code == 200
