"""The API of a chef's availability: one document, its owner's alone."""

from copy import deepcopy

import pytest

from bookings.models import AvailabilityException, AvailabilityRule, Chef
from tests.bookings.answers import ANY_VERSION, at, problem, wrong_fields
from tests.makers import make_booking, make_chef, noon_utc

DOCUMENT = {
    "timezone": "Europe/Paris",
    "rules": [
        {"weekday": 0, "starts_at": "09:00", "ends_at": "12:15"},
        {"weekday": 0, "starts_at": "18:00", "ends_at": "02:00"},
        {"weekday": 6, "starts_at": "00:00", "ends_at": "24:00"},
    ],
    "exceptions": [
        {"date": "2027-01-01", "closed": True},
        {"date": "2027-02-14", "starts_at": "10:00", "ends_at": "12:00"},
        {"date": "2027-02-14", "starts_at": "16:00", "ends_at": "23:45"},
    ],
    "buffer_before_minutes": 30,
    "buffer_after_minutes": 45,
    "minimum_notice_minutes": 1440,
    "horizon_days": 730,
    "durations": [1, 3],
    "slot_step_minutes": 15,
    "bookings_per_day": 5,
    "travel": {"latitude": 48.85, "longitude": 2.35, "speed_kmh": 25, "most_km": None},
}


def url(chef):
    return f"/api/coocook/chefs/{chef.pk}/availability"


def with_change(path, value):
    """DOCUMENT with one value changed; `rules.1.weekday` is where."""
    document = deepcopy(DOCUMENT)
    *parents, last = [int(p) if p.isdecimal() else p for p in path.split(".")]
    holder = document
    for parent in parents:
        holder = holder[parent]
    holder[last] = value
    return document


def test_the_owner_reads_it(api, ben):
    chef = make_chef(ben, hours=((9, 24),), buffer_after_minutes=30)
    AvailabilityException.objects.create(chef=chef, date="2027-01-01")

    response = api(ben).get(url(chef))

    assert response.status_code == 200
    assert response["Cache-Control"] == "private, no-store"
    rules = [{"weekday": day, "starts_at": "09:00", "ends_at": "00:00"} for day in range(7)]
    assert response.json() == {
        "timezone": "Asia/Seoul",
        "rules": rules,
        "exceptions": [{"date": "2027-01-01", "closed": True}],
        "buffer_before_minutes": 0,
        "buffer_after_minutes": 30,
        "minimum_notice_minutes": 0,
        "horizon_days": 90,
        "durations": [2, 3, 4],
        "slot_step_minutes": 30,
        "bookings_per_day": None,
        "travel": None,
    }


def test_the_owner_replaces_all_of_it(api, ben, chef):
    AvailabilityException.objects.create(chef=chef, date="2026-12-24")
    client = api(ben)

    response = client.put(url(chef), DOCUMENT, headers=at(client.get(url(chef))))

    assert response.status_code == 200
    assert response.json() == client.get(url(chef)).json()
    assert response["ETag"].startswith('"2.')
    assert response.json() == DOCUMENT


def test_shows_windows_in_their_order(api, ben, chef):
    rows = {name: DOCUMENT[name][::-1] for name in ("rules", "exceptions")}

    response = api(ben).put(url(chef), DOCUMENT | rows, headers=ANY_VERSION)

    assert response.json() == DOCUMENT


def test_it_decides_what_is_free(api, ben, chef):
    document = with_change(
        "rules", [{"weekday": d, "starts_at": "10:00", "ends_at": "12:00"} for d in range(7)]
    )
    document |= {"minimum_notice_minutes": 0, "durations": [2], "exceptions": []}

    assert api(ben).put(url(chef), document, headers=ANY_VERSION).status_code == 200

    slots = api().get(f"/api/coocook/chefs/{chef.pk}/slots").json()["slots"]
    assert {slot["local"][11:] for slot in slots} == {"10:00"}
    assert api().get(f"/api/coocook/chefs/{chef.pk}").json()["timezone"] == "Europe/Paris"


def test_bookings_stay_as_they_are(api, ana, ben, chef):
    booking = make_booking(chef, ana, starts_at=noon_utc())

    api(ben).put(url(chef), DOCUMENT | {"rules": []}, headers=ANY_VERSION)

    booking.refresh_from_db()
    assert (booking.status, booking.timezone, booking.version) == ("pending", "Asia/Seoul", 1)
    assert booking.occupancy.count() == 8


def test_the_owner_of_a_chef_who_takes_no_bookings_may_too(api, ben):
    chef = make_chef(ben, is_active=False)

    assert api(ben).get(url(chef)).status_code == 200
    assert api(ben).put(url(chef), DOCUMENT, headers=ANY_VERSION).status_code == 200


@pytest.mark.parametrize("method", ["get", "put"])
def test_is_nobody_elses(api, ana, cho, chef, method):
    make_booking(chef, ana)

    for client, refusal in (
        (api(), (401, "not_authenticated")),
        (api(cho), (404, "not_found")),
        (api(ana), (404, "not_found")),
    ):
        data = DOCUMENT if method == "put" else None
        assert problem(getattr(client, method)(url(chef), data, headers=ANY_VERSION)) == refusal
    assert Chef.objects.get().version == 1


def test_reading_and_writing_need_their_scope(api, ben, chef):
    reader = api(ben, scopes=["bookings:read"])
    writer = api(ben, scopes=["bookings:write"])

    assert reader.get(url(chef)).status_code == 200
    assert problem(writer.get(url(chef))) == (403, "scope_missing")
    refused = reader.put(url(chef), DOCUMENT, headers=ANY_VERSION)
    assert problem(refused) == (403, "scope_missing")


def test_a_write_says_which_version_it_changes(api, ben, chef):
    client = api(ben)
    seen = at(client.get(url(chef)))
    client.patch(f"/api/coocook/chefs/{chef.pk}", {"name": "Nari"}, headers=seen)

    assert problem(client.put(url(chef), DOCUMENT, headers=seen)) == (412, "stale_version")
    assert problem(client.put(url(chef), DOCUMENT)) == (428, "if_match_missing")
    assert AvailabilityRule.objects.filter(starts=540, ends=1260).count() == 7
    assert Chef.objects.get().horizon_days == 90


@pytest.mark.parametrize("name", sorted(DOCUMENT.keys() - {"bookings_per_day", "travel"}))
def test_refuses_a_document_with_a_part_missing(api, ben, chef, name):
    document = {key: value for key, value in DOCUMENT.items() if key != name}

    response = api(ben).put(url(chef), document, headers=ANY_VERSION)

    assert wrong_fields(response) == {name: "required"}


@pytest.mark.parametrize(
    ("path", "value", "errors"),
    [
        ("timezone", "Mars/Olympus", {"timezone": "unknown_timezone"}),
        ("timezone", "asia/seoul", {"timezone": "unknown_timezone"}),
        ("timezone", "../etc/passwd", {"timezone": "unknown_timezone"}),
        ("timezone", 9, {"timezone": "invalid"}),
        ("rules", {}, {"rules": "not_a_list"}),
        ("rules", [7], {"rules.0": "invalid"}),
        ("rules", [DOCUMENT["rules"][0]] * 201, {"rules": "max_length"}),
        ("rules.1.weekday", 7, {"rules.1.weekday": "max_value"}),
        ("rules.1.weekday", -1, {"rules.1.weekday": "min_value"}),
        ("rules.1.weekday", "Monday", {"rules.1.weekday": "invalid"}),
        ("rules.1.starts_at", "09:10", {"rules.1.starts_at": "off_quarter"}),
        ("rules.1.starts_at", "24:00", {"rules.1.starts_at": "invalid"}),
        ("rules.1.starts_at", "9:00", {"rules.1.starts_at": "invalid"}),
        ("rules.1.starts_at", "09.00", {"rules.1.starts_at": "invalid"}),
        ("rules.1.starts_at", "+9:00", {"rules.1.starts_at": "invalid"}),
        ("rules.1.starts_at", "09:60", {"rules.1.starts_at": "invalid"}),
        ("rules.1.starts_at", 540, {"rules.1.starts_at": "invalid"}),
        ("rules.1.ends_at", "24:15", {"rules.1.ends_at": "invalid"}),
        ("rules.1.ends_at", None, {"rules.1.ends_at": "null"}),
        ("rules.1.until", "12:00", {"rules.1.until": "unknown"}),
        ("rules.1.starts_at", "09:00", {"rules.1.starts_at": "repeated"}),
        ("exceptions.1.date", "14.2.2027", {"exceptions.1.date": "invalid"}),
        ("exceptions.1.closed", True, {"exceptions.1": "closed_or_hours"}),
        ("exceptions.0.closed", False, {"exceptions.0": "closed_or_hours"}),
        ("exceptions.0.starts_at", "09:00", {"exceptions.0": "closed_or_hours"}),
        ("exceptions.2.starts_at", "10:00", {"exceptions.2.date": "repeated"}),
        (
            "exceptions.0.date",
            "2027-02-14",
            {
                "exceptions.1.date": "closed_or_hours",
                "exceptions.2.date": "closed_or_hours",
            },
        ),
        ("buffer_before_minutes", 20, {"buffer_before_minutes": "off_quarter"}),
        ("buffer_before_minutes", -15, {"buffer_before_minutes": "min_value"}),
        ("buffer_after_minutes", 735, {"buffer_after_minutes": "max_value"}),
        ("buffer_after_minutes", "30", {"buffer_after_minutes": "invalid"}),
        ("minimum_notice_minutes", -1, {"minimum_notice_minutes": "min_value"}),
        ("minimum_notice_minutes", 10**9, {"minimum_notice_minutes": "max_value"}),
        ("horizon_days", 0, {"horizon_days": "min_value"}),
        ("horizon_days", 731, {"horizon_days": "max_value"}),
        ("durations", [], {"durations": "min_length"}),
        ("durations", [2, 2], {"durations": "repeated"}),
        ("durations", [0], {"durations.0": "min_value"}),
        ("durations", [2, 25], {"durations.1": "max_value"}),
        ("durations", [1.5], {"durations.0": "invalid"}),
        ("durations", 2, {"durations": "not_a_list"}),
        ("slot_step_minutes", 0, {"slot_step_minutes": "min_value"}),
        ("slot_step_minutes", 20, {"slot_step_minutes": "off_quarter"}),
        ("version", 1, {"version": "unknown"}),
    ],
)
def test_refuses_a_wrong_value_and_names_it(api, ben, chef, path, value, errors):
    response = api(ben).put(url(chef), with_change(path, value), headers=ANY_VERSION)

    assert wrong_fields(response) == errors
    assert Chef.objects.get().version == 1
    assert AvailabilityRule.objects.count() == 7


def test_an_exception_may_say_that_it_is_not_closed(api, ben, chef):
    hours = {"date": "2027-01-01", "closed": False, "starts_at": "09:00", "ends_at": "12:00"}

    response = api(ben).put(url(chef), DOCUMENT | {"exceptions": [hours]}, headers=ANY_VERSION)

    del hours["closed"]
    assert response.json()["exceptions"] == [hours]


@pytest.mark.parametrize("rows", [1, 200])
def test_costs_the_same_however_long_it_is(api, ben, chef, django_assert_num_queries, rows):
    day = [
        {"weekday": n % 7, "starts_at": f"{n // 7 % 24:02}:{n // 168 * 15:02}", "ends_at": "24:00"}
        for n in range(rows)
    ]
    client = api(ben)

    with django_assert_num_queries(11):
        client.put(url(chef), DOCUMENT | {"rules": day}, headers=ANY_VERSION)
    with django_assert_num_queries(2):
        client.get(url(chef))
