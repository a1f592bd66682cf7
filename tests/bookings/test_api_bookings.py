"""The API of bookings: seeing one's own, changing what may be changed."""

from datetime import UTC, datetime

import pytest

from bookings.models import Booking
from tests.bookings.answers import ANY_VERSION, at, problem, wrong_fields
from tests.makers import make_booking, make_chef, make_user, noon_utc

BOOKINGS = "/api/coocook/bookings"


def url(booking):
    return f"{BOOKINGS}/{booking.pk}"


def ids(response):
    assert response.status_code == 200, response.content
    return [row["id"] for row in response.json()["results"]]


def test_both_parties_see_a_booking_and_nobody_else_does(api, ana, ben, cho, dee, chef):
    booking = make_booking(chef, ana)

    assert api(ana).get(url(booking)).json() == api(ben).get(url(booking)).json()
    for other in (cho, dee):
        assert problem(api(other).get(url(booking))) == (404, "not_found")
        assert ids(api(other).get(BOOKINGS)) == []


def test_lists_the_last_one_made_first(api, ana, ben, chef):
    first, second = (
        make_booking(chef, ana, starts_at=noon_utc(day), created_at=noon_utc(-day))
        for day in (8, 7)
    )

    assert ids(api(ana).get(BOOKINGS)) == [second.pk, first.pk]
    page = api(ben).get(BOOKINGS, {"limit": 1})
    assert ids(page) == [second.pk]
    assert ids(api(ben).get(page.json()["next"])) == [first.pk]


def test_filters_by_state_and_role(api, ana, ben, chef):
    made = make_booking(make_chef(ana), ben, status="confirmed")
    got = make_booking(chef, ana, status="pending")
    client = api(ben)

    assert ids(client.get(BOOKINGS)) == [got.pk, made.pk]
    assert ids(client.get(BOOKINGS, {"role": "customer"})) == [made.pk]
    assert ids(client.get(BOOKINGS, {"role": "owner"})) == [got.pk]
    assert ids(client.get(BOOKINGS, {"status": "confirmed"})) == [made.pk]
    assert ids(client.get(BOOKINGS, {"status": "confirmed", "role": "owner"})) == []


def test_filters_by_dates_in_the_callers_zone(api, chef):
    seoul, paris = make_user(timezone="Asia/Seoul"), make_user(timezone="Europe/Paris")
    evening = datetime(2027, 3, 1, 20, tzinfo=UTC)  # the 2nd in Seoul, still the 1st in Paris
    for user in (seoul, paris):
        make_booking(make_chef(), user, starts_at=evening)

    for user, day in ((seoul, "2027-03-02"), (paris, "2027-03-01")):
        client = api(user)
        assert len(ids(client.get(BOOKINGS, {"from": day, "to": day}))) == 1
        assert len(ids(client.get(BOOKINGS, {"from": "2027-03-03"}))) == 0
        assert len(ids(client.get(BOOKINGS, {"to": "2027-02-28"}))) == 0


@pytest.mark.parametrize(
    ("query", "errors"),
    [
        ({"status": "over"}, {"status": "invalid_choice"}),
        ({"role": "staff"}, {"role": "invalid_choice"}),
        ({"from": "1"}, {"from": "invalid"}),
        ({"from": "0001-01-01"}, {"from": "min_value"}),
        ({"to": "9999-12-31"}, {"to": "max_value"}),
        ({"customer": 1}, {"customer": "unknown"}),
    ],
)
def test_refuses_a_wrong_parameter_and_names_it(api, ana, query, errors):
    assert wrong_fields(api(ana).get(BOOKINGS, query)) == errors


@pytest.mark.parametrize("rows", [1, 30])
@pytest.mark.parametrize("query", [{}, {"role": "customer"}, {"role": "owner"}])
def test_costs_the_same_however_many_there_are(
    api, ana, ben, chef, django_assert_num_queries, rows, query
):
    for day in range(rows):
        make_booking(chef, ana, starts_at=noon_utc(day + 1))
    one, clients = url(Booking.objects.first()), [api(ana), api(ben)]

    for client in clients:
        with django_assert_num_queries(3):
            client.get(BOOKINGS, query)
        with django_assert_num_queries(2):
            client.get(one)


def test_a_read_is_kept_by_nobody_but_has_an_etag(api, ana, chef):
    client, booking = api(ana), make_booking(chef, ana)

    for path in (BOOKINGS, url(booking)):
        response = client.get(path)
        same = client.get(path, headers={"If-None-Match": response["ETag"]})
        assert response["Cache-Control"] == same["Cache-Control"] == "private, no-store"
        assert same.status_code == 304


def test_the_customer_changes_guests_and_requests_and_the_price_follows(api, ana, chef):
    client, booking = api(ana), make_booking(chef, ana, guests=2)
    body = {"guests": 5, "special_requests": "Window seat."}

    response = client.patch(url(booking), body, headers=at(client.get(url(booking))))

    assert response.status_code == 200
    shown = response.json()
    assert shown | body == shown
    assert shown["total_price"]["amount"] == booking.total_amount + 3 * 30_000
    assert response["ETag"] == client.get(url(booking))["ETag"]


def test_a_write_says_which_version_it_changes(api, ana, chef):
    client, booking = api(ana), make_booking(chef, ana)
    seen = at(client.get(url(booking)))
    client.patch(url(booking), {"guests": 3}, headers=seen)

    stale = client.patch(url(booking), {"guests": 4}, headers=seen)

    assert problem(stale) == (412, "stale_version")
    assert problem(client.patch(url(booking), {"guests": 4})) == (428, "if_match_missing")
    assert Booking.objects.get().guests == 3


def test_a_stranger_finds_nothing_to_change_and_the_owner_may_not(api, ana, ben, cho, chef):
    booking = make_booking(chef, ana)
    change = {"guests": 3}

    stranger = api(cho).patch(url(booking), change, headers=ANY_VERSION)
    owner = api(ben).patch(url(booking), change, headers=ANY_VERSION)

    assert problem(stranger) == (404, "not_found")
    assert problem(owner) == (403, "not_yours")
    assert Booking.objects.get().guests == 2


def test_what_is_over_stays_as_it_is(api, ana, chef):
    booking = make_booking(chef, ana, status="cancelled")

    response = api(ana).patch(url(booking), {"guests": 3}, headers=ANY_VERSION)

    assert problem(response) == (409, "wrong_state")


@pytest.mark.parametrize(
    ("change", "errors"),
    [
        ({"guests": 0}, {"guests": "min_value"}),
        ({"guests": None}, {"guests": "null"}),
        ({"special_requests": 1}, {"special_requests": "invalid"}),
        ({"status": "confirmed"}, {"status": "unknown"}),
        ({"total_price": {"amount": 1, "currency": "KRW"}}, {"total_price": "unknown"}),
        ({"starts_at": "2027-03-28T09:00:00Z"}, {"starts_at": "unknown"}),
    ],
)
def test_refuses_a_wrong_value_and_names_it(api, ana, chef, change, errors):
    booking = make_booking(chef, ana)

    assert wrong_fields(api(ana).patch(url(booking), change, headers=ANY_VERSION)) == errors
    assert Booking.objects.get().version == 1


def test_more_guests_than_the_chef_takes_are_refused(api, ana, chef):
    booking = make_booking(chef, ana)

    response = api(ana).patch(url(booking), {"guests": 21}, headers=ANY_VERSION)

    assert problem(response) == (422, "too_many_guests")
