"""The API of what becomes of a booking: who may confirm, decline, cancel and complete it."""

from datetime import timedelta

import pytest

from bookings.models import Booking, Occupancy
from softfactory.kernel import clock
from tests.bookings.answers import problem, wrong_fields
from tests.makers import make_booking, noon_utc

DECISIONS = ["confirm", "decline", "cancel", "complete"]


def url(booking, decision):
    return f"/api/coocook/bookings/{booking.pk}/{decision}"


@pytest.fixture
def booking(ana, chef):
    """What Ana asked Ben for."""
    return make_booking(chef, ana)


@pytest.mark.parametrize(("decision", "state"), [("confirm", "confirmed"), ("decline", "declined")])
def test_the_owner_decides(api, ben, booking, decision, state):
    response = api(ben).post(url(booking, decision))

    assert response.status_code == 200
    assert response.json()["status"] == state
    assert response["ETag"].startswith('"2.')
    assert Occupancy.objects.exists() == (state == "confirmed")


@pytest.mark.parametrize("party", ["ana", "ben"])
def test_either_party_cancels(api, request, booking, party):
    response = api(request.getfixturevalue(party)).post(url(booking, "cancel"))

    assert (response.status_code, response.json()["status"]) == (200, "cancelled")
    assert not Occupancy.objects.exists()


def test_the_owner_completes_what_is_over(api, ana, ben, chef):
    booking = make_booking(chef, ana, starts_at=noon_utc(-1), status="confirmed")

    response = api(ben).post(url(booking, "complete"))

    assert (response.status_code, response.json()["status"]) == (200, "completed")


def test_the_customer_confirms_a_hold(api, ana, chef):
    expires_at = clock.now() + timedelta(minutes=5)
    hold = make_booking(chef, ana, status="held", expires_at=expires_at)

    shown = api(ana).post(url(hold, "confirm")).json()

    assert (shown["status"], shown["expires_at"]) == ("pending", None)


def test_a_hold_that_has_lapsed_is_a_conflict(api, ana, chef):
    hold = make_booking(chef, ana, status="held", expires_at=clock.now())

    assert problem(api(ana).post(url(hold, "confirm"))) == (409, "hold_lapsed")


@pytest.mark.parametrize("decision", ["confirm", "decline", "complete"])
def test_the_customer_does_not_decide(api, ana, booking, decision):
    assert problem(api(ana).post(url(booking, decision))) == (403, "not_the_chef")
    assert Booking.objects.get().status == "pending"


@pytest.mark.parametrize("decision", DECISIONS)
def test_a_stranger_finds_nothing(api, cho, dee, booking, decision):
    for other in (cho, dee):
        assert problem(api(other).post(url(booking, decision))) == (404, "not_found")
    assert Booking.objects.get().version == 1


@pytest.mark.parametrize("decision", DECISIONS)
def test_needs_a_sign_in_and_the_scope(api, ben, booking, decision):
    reader = api(ben, scopes=["bookings:read"])

    assert problem(api().post(url(booking, decision)))[0] == 401
    assert problem(reader.post(url(booking, decision))) == (403, "scope_missing")
    assert Booking.objects.get().version == 1


@pytest.mark.parametrize("decision", DECISIONS)
def test_is_a_post_without_a_body(api, ben, booking, decision):
    client = api(ben)

    assert problem(client.get(url(booking, decision))) == (405, "method_not_allowed")
    assert wrong_fields(client.post(url(booking, decision), {"why": "?"})) == {"why": "unknown"}
    assert client.post(url(booking, decision), {}).status_code in {200, 409}


@pytest.mark.parametrize("decision", ["confirm", "decline"])
@pytest.mark.parametrize("first", ["confirm", "decline", "cancel"])
def test_the_second_decision_is_a_conflict(api, ben, booking, first, decision):
    client = api(ben)
    client.post(url(booking, first))

    assert problem(client.post(url(booking, decision))) == (409, "wrong_state")
    assert Booking.objects.get().version == 2


def test_a_repeated_request_meets_its_first_answer(api, ben, booking):
    client, headers = api(ben), {"Idempotency-Key": "yes"}

    first, again = (client.post(url(booking, "confirm"), headers=headers) for _ in range(2))

    assert (first.status_code, first.content) == (again.status_code, again.content)
    assert again["Idempotency-Replayed"] == "true"


def test_what_is_not_over_can_not_be_completed(api, ben, booking):
    client = api(ben)
    client.post(url(booking, "confirm"))

    assert problem(client.post(url(booking, "complete"))) == (422, "not_over")
