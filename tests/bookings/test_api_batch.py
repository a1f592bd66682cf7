"""The API of several bookings at once: all of them, or none."""

from datetime import timedelta

import pytest

from bookings.models import Booking, Occupancy
from softfactory.accounts.services.emitting import emit
from softfactory.kernel import clock
from tests.bookings.answers import problem, wrong_fields
from tests.makers import HAPPENED, make_booking, make_chef, noon_utc

BATCH = "/api/platform/batch-create-bookings"


def item(chef, hours=0, **overrides):
    start = noon_utc() + timedelta(hours=hours)
    return {"chef_id": chef.pk, "starts_at": start.isoformat()} | overrides


def post(client, *items, **options):
    return client.post(BATCH, {"bookings": items}, **options)


def test_makes_all_of_them_at_the_servers_price(api, ana, chef):
    other = make_chef(instant_booking=True, hourly_rate_amount=10_000)
    by_date = {"chef_id": other.pk, "booking_date": noon_utc().date().isoformat(), "guests": 3}

    response = post(api(ana), item(chef), item(chef, 2, duration_hours=3), by_date)

    assert response.status_code == 201
    body = response.json()
    assert body["created"] == 3
    assert [row["chef_id"] for row in body["bookings"]] == [chef.pk, chef.pk, other.pk]
    assert [row["status"] for row in body["bookings"]] == ["pending", "pending", "confirmed"]
    assert [row["total_price"]["amount"] for row in body["bookings"]] == [
        100_000 + 2 * 50_000 + 30_000,
        100_000 + 3 * 50_000 + 30_000,
        100_000 + 2 * 10_000 + 3 * 30_000,
    ]
    assert {row["customer_id"] for row in body["bookings"]} == {ana.pk}
    assert (
        response.json()["bookings"][0]
        == api(ana).get(f"/api/coocook/bookings/{body['bookings'][0]['id']}").json()
    )


def test_makes_none_if_one_is_taken_and_says_which(api, ana, chef):
    make_booking(chef, starts_at=noon_utc() + timedelta(hours=4))

    response = post(api(ana), item(chef), item(chef, 3), item(chef, 10), item(chef, 6))

    assert problem(response) == (409, "slot_taken")
    found = {error["field"]: error["code"] for error in response.json()["errors"]}
    assert found == {"bookings.1": "slot_taken", "bookings.2": "outside_hours"}
    assert Booking.objects.count() == 1
    assert Occupancy.objects.count() == 8


def test_two_of_one_batch_can_not_overlap(api, ana, chef):
    response = post(api(ana), item(chef), item(chef, 1))

    assert problem(response) == (409, "slot_taken")
    assert [error["field"] for error in response.json()["errors"]] == ["bookings.1"]
    assert not Booking.objects.exists()


def test_makes_none_if_one_is_not_on_offer(api, ana, ben, chef):
    absent = item(make_chef(ben, is_active=False))

    response = post(api(ana), item(chef), absent, item(chef, 2, guests=21))

    assert problem(response) == (422, "chef_not_found")
    found = {error["field"]: error["code"] for error in response.json()["errors"]}
    assert found == {"bookings.1": "chef_not_found", "bookings.2": "too_many_guests"}
    assert not Booking.objects.exists()


@pytest.mark.parametrize(
    ("change", "errors"),
    [
        ({"guests": 0}, {"bookings.1.guests": "min_value"}),
        ({"duration_hours": 25}, {"bookings.1.duration_hours": "max_value"}),
        ({"starts_at": "soon"}, {"bookings.1.starts_at": "invalid"}),
        ({"booking_date": "2027-03-01"}, {"bookings.1.starts_at": "start_or_date"}),
        ({"hold": True}, {"bookings.1.hold": "unknown"}),
        ({"price": 1}, {"bookings.1.price": "unknown"}),
    ],
)
def test_refuses_a_wrong_value_and_says_where(api, ana, chef, change, errors):
    response = post(api(ana), item(chef), item(chef, 2) | change)

    assert wrong_fields(response) == errors
    assert not Booking.objects.exists()


@pytest.mark.parametrize(
    ("body", "errors"),
    [
        ({}, {"bookings": "required"}),
        ({"bookings": []}, {"bookings": "empty"}),
        ({"bookings": {}}, {"bookings": "not_a_list"}),
        ({"bookings": [1]}, {"bookings.0": "invalid"}),
        ({"bookings": [{}] * 51}, {"bookings": "max_length"}),
        ([], {"": "invalid"}),
    ],
)
def test_takes_one_to_fifty(api, ana, body, errors):
    assert wrong_fields(api(ana).post(BATCH, body)) == errors


@pytest.mark.parametrize("size", [2, 50])
def test_fifty_take_as_many_queries_as_two(api, ana, django_assert_num_queries, size):
    chef = make_chef(durations=[1], hours=((0, 24),))
    items = [item(chef, hour, duration_hours=1) for hour in range(size)]
    client = api(ana)
    emit(HAPPENED, 0, to=[ana.pk], now=clock.now())  # it is known who listens

    with django_assert_num_queries(8):
        response = post(client, *items)

    assert response.json()["created"] == size


def test_a_repeated_request_makes_them_once(api, ana, chef):
    client, headers = api(ana), {"Idempotency-Key": "party"}

    first, again = (post(client, item(chef), headers=headers) for _ in range(2))

    assert (first.content, again["Idempotency-Replayed"]) == (again.content, "true")
    assert Booking.objects.count() == 1


def test_needs_a_sign_in_and_the_scope(api, ana, chef):
    assert problem(post(api(), item(chef)))[0] == 401
    reader = api(ana, scopes=["bookings:read"])
    assert problem(post(reader, item(chef))) == (403, "scope_missing")
    assert problem(api(ana).get(BATCH)) == (405, "method_not_allowed")
