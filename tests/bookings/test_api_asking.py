"""The API of asking for a chef's time: what is booked, and what is refused why."""

from datetime import datetime, timedelta

import pytest
import time_machine

from bookings.models import Booking, Occupancy
from softfactory.kernel import clock
from tests.bookings.answers import ANY_VERSION, problem, wrong_fields
from tests.makers import make_booking, make_chef, noon_utc

BOOKINGS = "/api/coocook/bookings"


def url(booking):
    return f"{BOOKINGS}/{booking.pk}"


def asked(chef, **overrides):
    return {"chef_id": chef.pk, "starts_at": noon_utc().isoformat()} | overrides


def test_a_customer_books(api, ana, chef):
    body = asked(chef, duration_hours=3, guests=4, special_requests="No nuts, please.")

    response = api(ana).post(BOOKINGS, body)

    assert response.status_code == 201
    shown = response.json()
    assert shown.pop("created_at").endswith("Z")
    assert shown.pop("updated_at").endswith("Z")
    booking = Booking.objects.get()
    assert shown == {
        "id": booking.pk,
        "chef_id": chef.pk,
        "customer_id": ana.pk,
        "starts_at": noon_utc().strftime("%Y-%m-%dT%H:%M:%SZ"),
        "ends_at": (noon_utc() + timedelta(hours=3)).strftime("%Y-%m-%dT%H:%M:%SZ"),
        "timezone": "Asia/Seoul",
        "duration_hours": 3,
        "guests": 4,
        "status": "pending",
        "payment_status": "none",
        "total_price": {"amount": 100_000 + 3 * 50_000 + 4 * 30_000, "currency": "KRW"},
        "menu_id": None,
        "menu_title": "",
        "special_requests": "No nuts, please.",
        "address": "",
        "latitude": None,
        "longitude": None,
        "travel_minutes": 0,
        "expires_at": None,
    }
    assert response["Location"] == url(booking)
    assert response["ETag"] == api(ana).get(url(booking))["ETag"]
    assert response["Cache-Control"] == "private, no-store"


def test_a_date_means_its_first_free_start_for_two_hours_and_one_guest(api, ana, ben):
    chef = make_chef(ben, hours=((12, 16),))
    make_booking(chef, starts_at=noon_utc())

    body = {"chef_id": chef.pk, "booking_date": noon_utc().date().isoformat()}
    shown = api(ana).post(BOOKINGS, body).json()

    assert shown["starts_at"] == (noon_utc() + timedelta(hours=2)).strftime("%Y-%m-%dT%H:%M:%SZ")
    assert (shown["duration_hours"], shown["guests"], shown["special_requests"]) == (2, 1, "")


def test_a_start_may_be_said_in_any_offset(api, ana, chef):
    local = noon_utc().strftime("%Y-%m-%dT12:00:00+09:00")

    shown = api(ana).post(BOOKINGS, asked(chef, starts_at=local)).json()

    assert shown["starts_at"] == noon_utc().strftime("%Y-%m-%dT%H:%M:%SZ")


def test_an_instant_booking_is_confirmed(api, ana, ben):
    chef = make_chef(ben, instant_booking=True)

    assert api(ana).post(BOOKINGS, asked(chef)).json()["status"] == "confirmed"


def test_a_hold_expires(api, ana, chef):
    shown = api(ana).post(BOOKINGS, asked(chef, hold=True)).json()

    assert shown["status"] == "held"
    assert datetime.fromisoformat(shown["expires_at"]) > clock.now()


def test_a_repeated_request_books_once(api, ana, chef):
    client = api(ana)
    headers = {"Idempotency-Key": '"dinner"'}

    first = client.post(BOOKINGS, asked(chef), headers=headers)
    again = client.post(BOOKINGS, asked(chef), headers=headers)
    other = client.post(BOOKINGS, asked(chef, guests=2), headers=headers)

    assert (first.status_code, first.content) == (again.status_code, again.content)
    assert again["Idempotency-Replayed"] == "true"
    assert other.status_code == 422
    assert Booking.objects.count() == 1


def test_a_taken_time_is_a_conflict(api, ana, cho, chef):
    make_booking(chef, cho)

    assert problem(api(ana).post(BOOKINGS, asked(chef))) == (409, "slot_taken")
    later = asked(chef, starts_at=(noon_utc() + timedelta(hours=1)).isoformat())
    assert problem(api(ana).post(BOOKINGS, later)) == (409, "slot_taken")
    assert Booking.objects.count() == 1


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"starts_at": (noon_utc() + timedelta(minutes=15)).isoformat()}, "off_step"),
        ({"starts_at": (noon_utc() + timedelta(seconds=1)).isoformat()}, "off_quarter"),
        ({"starts_at": (noon_utc() + timedelta(hours=10)).isoformat()}, "outside_hours"),
        ({"starts_at": (noon_utc() + timedelta(hours=8)).isoformat()}, "does_not_fit"),
        ({"starts_at": noon_utc(-1).isoformat()}, "too_soon"),
        ({"starts_at": noon_utc(365).isoformat()}, "too_far"),
        ({"starts_at": "0002-01-01T00:00:00Z"}, "too_soon"),
        ({"starts_at": "9998-12-31T23:45:00Z"}, "too_far"),
        ({"duration_hours": 5}, "duration_not_offered"),
        ({"guests": 21}, "too_many_guests"),
    ],
)
def test_what_is_not_on_offer_is_refused_with_the_reason(api, ana, chef, change, code):
    assert problem(api(ana).post(BOOKINGS, asked(chef, **change))) == (422, code)
    assert not Booking.objects.exists()
    assert not Occupancy.objects.exists()


@pytest.mark.parametrize(
    ("day", "code"),
    [
        ("0001-01-01", "too_soon"),
        ("2020-02-29", "too_soon"),
        ("2999-01-01", "too_far"),
        ("9999-12-31", "too_far"),
    ],
)
def test_a_date_that_is_not_on_offer_is_refused_with_the_reason(api, ana, chef, day, code):
    body = {"chef_id": chef.pk, "booking_date": day}

    assert problem(api(ana).post(BOOKINGS, body)) == (422, code)


def test_the_minimum_notice_is_kept(api, ana, ben):
    chef = make_chef(ben, minimum_notice_minutes=60)
    booked = noon_utc()

    with time_machine.travel(booked - timedelta(minutes=59), tick=False):
        late = api(ana).post(BOOKINGS, asked(chef, starts_at=booked.isoformat()))
    with time_machine.travel(booked - timedelta(minutes=60), tick=False):
        in_time = api(ana).post(BOOKINGS, asked(chef, starts_at=booked.isoformat()))

    assert problem(late) == (422, "too_soon")
    assert in_time.status_code == 201


def test_a_chef_who_is_absent_and_one_who_takes_no_bookings_look_alike(api, ana, ben):
    inactive = make_chef(ben, is_active=False)

    for chef_id in (inactive.pk, 999_999, 2**63 - 1):
        response = api(ana).post(BOOKINGS, asked(inactive, chef_id=chef_id))
        assert problem(response) == (404, "chef_not_found")
    assert not Booking.objects.exists()


@pytest.mark.parametrize(
    ("change", "errors"),
    [
        ({"chef_id": "1"}, {"chef_id": "invalid"}),
        ({"chef_id": None}, {"chef_id": "null"}),
        ({"chef_id": 2**63}, {"chef_id": "max_value"}),
        ({"starts_at": "2027-03-28T09:00:00"}, {"starts_at": "naive"}),
        ({"starts_at": "2027-03-28"}, {"starts_at": "naive"}),
        ({"starts_at": "noon"}, {"starts_at": "invalid"}),
        ({"starts_at": 1_800_000_000}, {"starts_at": "invalid"}),
        ({"starts_at": "0001-01-01T00:00:00+14:00"}, {"starts_at": "year"}),
        ({"starts_at": "9999-12-31T23:45:00-10:00"}, {"starts_at": "year"}),
        ({"booking_date": "2027-03-28"}, {"starts_at": "start_or_date"}),
        ({"duration_hours": 0}, {"duration_hours": "min_value"}),
        ({"duration_hours": 25}, {"duration_hours": "max_value"}),
        ({"duration_hours": 2.5}, {"duration_hours": "invalid"}),
        ({"duration_hours": "2"}, {"duration_hours": "invalid"}),
        ({"guests": 0}, {"guests": "min_value"}),
        ({"guests": 10**6}, {"guests": "max_value"}),
        ({"guests": [2]}, {"guests": "invalid"}),
        ({"special_requests": "x" * 2001}, {"special_requests": "max_length"}),
        ({"special_requests": {"a": 1}}, {"special_requests": "invalid"}),
        ({"hold": "yes"}, {"hold": "invalid"}),
        (
            {"total_price": 1, "status": "confirmed", "customer_id": 1},
            {"total_price": "unknown", "status": "unknown", "customer_id": "unknown"},
        ),
    ],
)
def test_refuses_a_wrong_value_and_names_it(api, ana, chef, change, errors):
    assert wrong_fields(api(ana).post(BOOKINGS, asked(chef, **change))) == errors
    assert not Booking.objects.exists()


def test_needs_a_start_or_a_date(api, ana, chef):
    client = api(ana)

    assert wrong_fields(client.post(BOOKINGS, {"chef_id": chef.pk})) == {
        "starts_at": "start_or_date"
    }
    assert wrong_fields(client.post(BOOKINGS, {})) == {"chef_id": "required"}


def test_needs_a_sign_in_and_the_scope(api, ana, chef):
    booking = make_booking(chef, ana)
    reader = api(ana, scopes=["bookings:read"])

    assert problem(api().get(BOOKINGS))[0] == 401
    assert problem(api().get(url(booking)))[0] == 401
    assert problem(api().post(BOOKINGS, asked(chef)))[0] == 401
    assert problem(api().patch(url(booking), {"guests": 3}, headers=ANY_VERSION))[0] == 401
    assert reader.get(url(booking)).status_code == 200
    assert problem(reader.post(BOOKINGS, asked(chef))) == (403, "scope_missing")
    assert Booking.objects.count() == 1
