"""Bookings that repeat: by the chef's clock, all or nothing, and clashes named first."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine

from bookings.models import Booking
from tests.bookings.answers import problem, wrong_fields
from tests.makers import make_booking, make_chef, make_policy, noon_utc

pytestmark = pytest.mark.django_db

PATH = "/api/coocook/recurring-bookings"


def wish(chef, **overrides):
    values = {"chef_id": chef.pk, "starts_at": noon_utc().isoformat(), "repeat": {"times": 8}}
    return values | overrides


def test_eight_weeks_are_eight_bookings(api, ana, chef):
    answer = api(ana).post(PATH, wish(chef))

    assert answer.status_code == 201
    starts = [row["starts_at"] for row in answer.json()["bookings"]]
    assert starts == [f"{noon_utc(7 + 7 * n):%Y-%m-%dT%H:%M:%SZ}" for n in range(8)]
    assert Booking.objects.filter(customer=ana).count() == 8


def test_a_check_says_which_clash_and_books_nothing(api, ana, cho, chef):
    make_booking(chef, cho, starts_at=noon_utc(21))
    answer = api(ana).post(PATH, wish(chef, check=True, repeat={"times": 14, "every_weeks": 1}))

    assert answer.status_code == 200
    reasons = [row["reason"] for row in answer.json()["occurrences"]]
    assert reasons[:4] == [None, None, "taken", None]
    assert reasons[-1] == "too_far"  # 90 days ahead
    assert answer.json()["occurrences"][0]["local"].endswith("T12:00")
    assert not Booking.objects.filter(customer=ana).exists()


def test_one_that_clashes_lets_none_be_booked(api, ana, cho, chef):
    make_booking(chef, cho, starts_at=noon_utc(21))
    answer = api(ana).post(PATH, wish(chef))

    assert problem(answer) == (409, "slot_taken")
    assert [error["field"] for error in answer.json()["errors"]] == ["bookings.2"]
    assert not Booking.objects.filter(customer=ana).exists()


def test_they_repeat_by_the_chefs_clock(api, ana):
    """In Paris, clocks are put forward on 28 March 2027."""
    chef = make_chef(timezone="Europe/Paris")
    with time_machine.travel(datetime(2027, 3, 1, tzinfo=UTC), tick=False):
        first = datetime(2027, 3, 19, 17, tzinfo=UTC)  # 18:00 there
        body = wish(chef, starts_at=first.isoformat(), repeat={"times": 3})
        rows = api(ana).post(PATH, body).json()["bookings"]
    assert [row["starts_at"][5:16] for row in rows] == ["03-19T17:00", "03-26T17:00", "04-02T16:00"]


def test_a_time_that_clocks_skip_is_named(api, ana):
    chef = make_chef(timezone="Europe/Paris", hours=((0, 24),))
    with time_machine.travel(datetime(2027, 3, 1, tzinfo=UTC), tick=False):
        first = datetime(2027, 3, 14, 1, 30, tzinfo=UTC)  # 2:30 there, as on the 28th there is not
        client, body = api(ana), wish(chef, starts_at=first.isoformat(), repeat={"times": 3})
        checked = client.post(PATH, body | {"check": True}).json()["occurrences"]
        answer = client.post(PATH, body)
    assert [row["reason"] for row in checked] == [None, None, "nonexistent_time"]
    assert problem(answer) == (422, "nonexistent_time")
    assert [error["field"] for error in answer.json()["errors"]] == ["bookings.2"]


def test_the_same_key_books_once(api, ana, chef):
    client = api(ana)
    for _time in range(2):
        client.post(PATH, wish(chef), HTTP_IDEMPOTENCY_KEY="fridays")
    assert Booking.objects.count() == 8


def test_what_can_not_be_paid_for_is_not_booked(api, ana, chef):
    make_policy(chef)
    assert problem(api(ana).post(PATH, wish(chef))) == (422, "card_missing")
    assert not Booking.objects.exists()


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"repeat": {"times": 1}}, "repeat.times"),
        ({"repeat": {"times": 51}}, "repeat.times"),
        ({"repeat": {"times": 2, "every_weeks": 0}}, "repeat.every_weeks"),
        ({"repeat": {"times": 2, "daily": True}}, "repeat.daily"),
        ({"repeat": 8}, "repeat"),
        ({"starts_at": None}, "starts_at"),
        ({"hold": True}, "hold"),
    ],
)
def test_refuses_what_is_no_repetition(api, ana, chef, wrong, field):
    assert any(
        name.startswith(field) for name in wrong_fields(api(ana).post(PATH, wish(chef) | wrong))
    )


def test_a_start_in_another_century_is_too_far(api, ana, chef):
    answer = api(ana).post(PATH, wish(chef, starts_at="9998-12-31T00:00:00Z"))
    assert problem(answer) == (422, "too_far")
    far = (noon_utc() + timedelta(days=400)).isoformat()
    assert problem(api(ana).post(PATH, wish(chef, starts_at=far)))[1] == "too_far"
