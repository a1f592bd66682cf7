"""The API of a chef's free times. Which times are free is tested with bookings.slots."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
import time_machine

from bookings.models import AvailabilityException
from tests.bookings.answers import problem, wrong_fields
from tests.makers import make_booking, make_chef

SEOUL = ZoneInfo("Asia/Seoul")


@pytest.fixture(autouse=True)
def monday():
    """It is Monday, 9 March 2026, 8 o'clock in the morning in Seoul."""
    with time_machine.travel(datetime(2026, 3, 9, 8, tzinfo=SEOUL), tick=False):
        yield


def url(chef):
    return f"/api/coocook/chefs/{chef.pk}/slots"


def slots(client, chef, **query):
    response = client.get(url(chef), query)
    assert response.status_code == 200, response.content
    return response.json()["slots"]


def local(rows):
    return [row["local"] for row in rows]


def test_shows_instants_with_the_chefs_clock(api, ben):
    chef = make_chef(ben, hours=((9, 12),))

    response = api().get(url(chef), {"from": "2026-03-10", "to": "2026-03-10"})

    assert response.json() == {
        "slots": [
            {"starts_at": "2026-03-10T00:00:00Z", "local": "2026-03-10T09:00"},
            {"starts_at": "2026-03-10T00:30:00Z", "local": "2026-03-10T09:30"},
            {"starts_at": "2026-03-10T01:00:00Z", "local": "2026-03-10T10:00"},
        ]
    }


def test_what_is_booked_is_not_free(api, ben, ana):
    chef = make_chef(ben, hours=((12, 16),))
    make_booking(chef, ana, starts_at=datetime(2026, 3, 10, 12, tzinfo=SEOUL))

    assert local(slots(api(), chef, **{"from": "2026-03-10", "to": "2026-03-10"})) == [
        "2026-03-10T14:00"
    ]


def test_a_free_time_can_be_booked_as_it_is_shown(api, ana, chef):
    shown = slots(api(), chef)[-1]

    body = {"chef_id": chef.pk, "starts_at": shown["starts_at"]}
    assert api(ana).post("/api/coocook/bookings", body).status_code == 201
    assert shown not in slots(api(), chef)


def test_says_why_other_times_are_not_free(api, ben, ana):
    chef = make_chef(ben, hours=((12, 16),))
    make_booking(chef, ana, starts_at=datetime(2026, 3, 10, 12, tzinfo=SEOUL))
    AvailabilityException.objects.create(chef=chef, date=date(2026, 3, 11))

    body = api().get(url(chef), {"from": "2026-03-10", "to": "2026-03-11", "explain": 1}).json()

    reasons = {row["local"]: row["reason"] for row in body["refused"]}
    assert local(body["slots"]) == ["2026-03-10T14:00"]
    assert reasons["2026-03-10T12:30"] == "taken"
    assert reasons["2026-03-10T15:00"] == "does_not_fit"
    assert reasons["2026-03-10T09:00"] == "outside_hours"
    assert reasons["2026-03-11T12:00"] == "closed"
    assert len(body["slots"]) + len(body["refused"]) == 2 * 48


def test_is_silent_about_reasons_unless_asked(api, chef):
    assert set(api().get(url(chef)).json()) == {"slots"}
    assert set(api().get(url(chef), {"explain": 0}).json()) == {"slots"}


def test_starts_today_in_the_chefs_zone_and_goes_on_for_a_week(api, ben):
    # It is still Sunday, one hour before midnight, in London.
    chef = make_chef(ben, timezone="Europe/London", hours=((0, 24),), durations=[1])

    days = sorted({text[:10] for text in local(slots(api(), chef))})

    assert (days[0], days[-1]) == ("2026-03-08", "2026-03-14")


def test_an_end_may_be_left_out(api, chef):
    days = sorted({text[:10] for text in local(slots(api(), chef, **{"from": "2026-03-20"}))})

    assert (days[0], days[-1]) == ("2026-03-20", "2026-03-26")


@pytest.mark.parametrize(
    ("durations", "query", "last"),
    [
        ([2, 3], {}, "19:00"),
        ([3, 4], {}, "18:00"),
        ([3, 4], {"duration_hours": 4}, "17:00"),
    ],
)
def test_the_duration_is_two_hours_or_the_shortest_unless_asked(api, ben, durations, query, last):
    chef = make_chef(ben, durations=durations)

    assert local(slots(api(), chef, **query))[-1] == f"2026-03-15T{last}"


def test_a_duration_that_is_not_on_offer_has_no_free_times(api, chef):
    query = {"duration_hours": 5, "explain": 1}

    body = api().get(url(chef), query).json()

    assert body["slots"] == []
    assert {row["reason"] for row in body["refused"]} == {"duration_not_offered"}


def test_sixty_two_days_can_be_asked_for(api, chef):
    first = date(2026, 3, 9)

    full = {"from": first, "to": first + timedelta(days=61)}
    more = {"from": first, "to": first + timedelta(days=62)}

    assert local(slots(api(), chef, **full))[-1].startswith("2026-05-09")
    assert wrong_fields(api().get(url(chef), more)) == {"to": "too_many_days"}


@pytest.mark.parametrize("day", ["0001-01-01", "1900-01-01", "9999-12-30", "9999-12-31"])
@pytest.mark.parametrize("explain", [0, 1])
def test_nothing_is_free_at_the_ends_of_time(api, chef, day, explain):
    assert slots(api(), chef, **{"from": day, "explain": explain}) == []


@pytest.mark.parametrize(
    ("query", "errors"),
    [
        ({"from": "soon"}, {"from": "invalid"}),
        ({"from": ""}, {"from": "invalid"}),
        ({"from": "2026-02-30", "to": "2026-13-01"}, {"from": "invalid", "to": "invalid"}),
        ({"from": "2026-03-10T09:00"}, {"from": "invalid"}),
        ({"from": "2026-03-12", "to": "2026-03-11"}, {"to": "before_from"}),
        ({"to": "2026-03-08"}, {"to": "before_from"}),
        ({"duration_hours": 0}, {"duration_hours": "min_value"}),
        ({"duration_hours": 25}, {"duration_hours": "max_value"}),
        ({"duration_hours": "two"}, {"duration_hours": "invalid"}),
        ({"explain": "why"}, {"explain": "invalid"}),
        ({"hours": 2, "limit": 3}, {"hours": "unknown", "limit": "unknown"}),
    ],
)
def test_refuses_a_wrong_parameter_and_names_it(api, chef, query, errors):
    assert wrong_fields(api().get(url(chef), query)) == errors


def test_a_chef_who_takes_no_bookings_has_no_times(api, ben):
    chef = make_chef(ben, is_active=False)

    assert problem(api(ben).get(url(chef))) == (404, "not_found")
    assert problem(api().get("/api/coocook/chefs/999999/slots")) == (404, "not_found")
