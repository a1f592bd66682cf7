"""The API of chefs: what owners create and edit, and who may not."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from bookings.models import Chef
from tests.bookings.answers import ANY_VERSION, at, names, problem, wrong_fields
from tests.makers import make_chef, make_review

CHEFS = "/api/coocook/chefs"
BODY = {
    "name": "Nari",
    "bio": "Noodles by hand.",
    "cuisine": "Korean",
    "location": "Busan",
    "timezone": "Asia/Tokyo",
    "hourly_rate": {"amount": 60_000, "currency": "KRW"},
    "session_rate": {"amount": 90_000, "currency": "KRW"},
    "price_per_guest": {"amount": 20_000, "currency": "KRW"},
    "max_guests": 8,
    "is_active": True,
    "instant_booking": True,
}


def won(amount):
    return {"amount": amount, "currency": "KRW"}


def euro(amount):
    return {"amount": amount, "currency": "EUR"}


def url(chef):
    return f"{CHEFS}/{chef.pk}"


def test_whoever_signs_in_creates_a_chef(api, cho):
    response = api(cho).post(CHEFS, BODY)

    assert response.status_code == 201
    shown = response.json()
    assert shown | BODY == shown
    assert shown["owner_id"] == cho.pk
    assert response["Location"] == f"{CHEFS}/{shown['id']}"
    assert response["ETag"].startswith('"1.')
    assert response["Cache-Control"] == "private, no-store"
    assert Chef.objects.get().owner == cho


def test_what_a_new_chef_leaves_out_has_a_default(api, cho):
    needed = {name: BODY[name] for name in ("name", "cuisine", "location")}

    response = api(cho).post(CHEFS, needed | {"hourly_rate": euro(4000)})

    assert response.status_code == 201
    shown = response.json()
    assert shown["session_rate"] == shown["price_per_guest"] == euro(0)
    assert (shown["bio"], shown["timezone"], shown["max_guests"]) == ("", "Asia/Seoul", 20)
    assert (shown["is_active"], shown["instant_booking"]) == (True, False)


def test_a_repeated_request_creates_one_chef(api, cho):
    client = api(cho)

    first, second = (
        client.post(CHEFS, BODY, headers={"Idempotency-Key": "a-chef"}) for _ in range(2)
    )

    assert first.content == second.content
    assert (second["Idempotency-Replayed"], second["Location"]) == ("true", first["Location"])
    assert Chef.objects.count() == 1


@pytest.mark.parametrize("method", ["post", "put", "patch"])
def test_writes_need_a_sign_in(api, chef, method):
    path = CHEFS if method == "post" else url(chef)

    assert problem(getattr(api(), method)(path, BODY))[0] == 401
    assert Chef.objects.get().version == 1


@pytest.mark.parametrize("method", ["post", "put", "patch"])
def test_writes_need_the_scope(api, ben, chef, method):
    client = api(ben, scopes=["bookings:read", "accounts:write"])
    path = CHEFS if method == "post" else url(chef)

    assert problem(getattr(client, method)(path, BODY)) == (403, "scope_missing")
    assert Chef.objects.get().version == 1


@pytest.mark.parametrize("method", ["put", "patch"])
def test_another_owners_chef_is_not_found(api, cho, chef, method):
    response = getattr(api(cho), method)(url(chef), BODY, headers=ANY_VERSION)

    assert problem(response) == (404, "not_found")
    assert Chef.objects.get().version == 1


def test_the_owner_replaces_what_is_said(api, ben, chef):
    client = api(ben)

    response = client.put(url(chef), BODY, headers=at(client.get(url(chef))))

    assert response.status_code == 200
    assert response.json() | BODY == response.json()
    assert response["ETag"].startswith('"2.')
    assert api().get(url(chef))["ETag"] == response["ETag"]


def test_replacing_brings_back_defaults_but_keeps_the_zone(api, ben):
    chef = make_chef(ben, instant_booking=True, is_active=False, timezone="Europe/Paris")
    body = {name: BODY[name] for name in ("name", "cuisine", "location", "hourly_rate")}

    shown = api(ben).put(url(chef), body, headers=ANY_VERSION).json()

    assert (shown["bio"], shown["session_rate"]) == ("", won(0))
    assert (shown["is_active"], shown["instant_booking"]) == (True, False)
    assert shown["timezone"] == "Europe/Paris"


def test_the_owner_changes_some_of_it(api, ben, chef):
    shown = api(ben).patch(url(chef), {"name": "Nari"}, headers=ANY_VERSION).json()

    assert (shown["name"], shown["cuisine"]) == ("Nari", "Korean")
    assert shown["hourly_rate"] == won(50_000)


def test_the_owner_edits_a_chef_who_takes_no_bookings(api, ben):
    chef = make_chef(ben, is_active=False)

    response = api(ben).patch(url(chef), {"is_active": True}, headers=ANY_VERSION)

    assert response.status_code == 200
    assert names(api().get(CHEFS)) == [chef.name]


@pytest.mark.parametrize("method", ["put", "patch"])
def test_a_write_says_which_version_it_changes(api, ben, chef, method):
    client = api(ben)
    seen = at(client.get(url(chef)))
    client.patch(url(chef), {"name": "Nari"}, headers=seen)

    stale = getattr(client, method)(url(chef), BODY, headers=seen)
    missing = getattr(client, method)(url(chef), BODY)
    foreign = getattr(client, method)(url(chef), BODY, headers={"If-Match": '"x"'})

    assert problem(stale) == (412, "stale_version")
    assert problem(missing) == (428, "if_match_missing")
    assert problem(foreign) == (412, "stale_version")
    chef.refresh_from_db()
    assert (chef.name, chef.version, chef.location) == ("Nari", 2, "Seoul")


def test_a_new_rating_does_not_make_the_owners_version_stale(api, ben, chef):
    client = api(ben)
    seen = client.get(url(chef))
    make_review(chef)

    assert client.get(url(chef))["ETag"] != seen["ETag"]
    assert client.patch(url(chef), {"name": "Nari"}, headers=at(seen)).status_code == 200


@pytest.mark.parametrize(
    ("change", "errors"),
    [
        ({"name": ""}, {"name": "blank"}),
        ({"name": "x" * 101}, {"name": "max_length"}),
        ({"name": 7}, {"name": "invalid"}),
        ({"name": None}, {"name": "null"}),
        ({"bio": "\x00"}, {"bio": "null_characters_not_allowed"}),
        ({"bio": ["a"]}, {"bio": "invalid"}),
        ({"timezone": "Mars/Olympus"}, {"timezone": "unknown_timezone"}),
        ({"timezone": "+09:00"}, {"timezone": "unknown_timezone"}),
        ({"hourly_rate": 50_000}, {"hourly_rate": "shape"}),
        ({"hourly_rate": {"amount": 1}}, {"hourly_rate": "shape"}),
        ({"hourly_rate": won(-1)}, {"hourly_rate": "range"}),
        ({"hourly_rate": won(10**13)}, {"hourly_rate": "range"}),
        ({"hourly_rate": won(1.5)}, {"hourly_rate": "shape"}),
        ({"hourly_rate": {"amount": 1, "currency": "XXX"}}, {"hourly_rate": "currency"}),
        ({"max_guests": 0}, {"max_guests": "min_value"}),
        ({"max_guests": 501}, {"max_guests": "max_value"}),
        ({"max_guests": "8"}, {"max_guests": "invalid"}),
        ({"max_guests": True}, {"max_guests": "invalid"}),
        ({"is_active": "yes"}, {"is_active": "invalid"}),
        ({"owner_id": 1}, {"owner_id": "read_only"}),
        ({"rating": 5, "review_count": 9}, {"rating": "read_only", "review_count": "read_only"}),
        ({"id": 1, "colour": "red"}, {"id": "read_only", "colour": "unknown"}),
    ],
)
@pytest.mark.parametrize("method", ["post", "patch"])
def test_refuses_a_wrong_value_and_names_it(api, ben, chef, method, change, errors):
    body = BODY | change if method == "post" else change
    path = CHEFS if method == "post" else url(chef)

    response = getattr(api(ben), method)(path, body, headers=ANY_VERSION)

    assert wrong_fields(response) == errors
    assert Chef.objects.get().version == 1


def test_refuses_a_new_chef_without_what_is_needed(api, ben):
    response = api(ben).post(CHEFS, {})

    required = dict.fromkeys(("name", "cuisine", "location", "hourly_rate"), "required")
    assert wrong_fields(response) == required


def test_prices_of_a_chef_are_in_one_currency(api, ben, chef):
    client = api(ben)
    all_rates = {name: euro(4000) for name in ("hourly_rate", "session_rate", "price_per_guest")}

    mixed = client.post(CHEFS, BODY | {"hourly_rate": euro(4000)})
    half = client.patch(url(chef), {"hourly_rate": euro(4000)}, headers=ANY_VERSION)
    whole = client.patch(url(chef), all_rates, headers=ANY_VERSION)

    assert wrong_fields(mixed) == dict.fromkeys(all_rates, "mixed_currencies")
    assert wrong_fields(half) == {"hourly_rate": "mixed_currencies"}
    assert whole.json() | all_rates == whole.json()


def test_writes_cost_the_same_whatever_there_is(api, ben, chef):
    client = api(ben)

    def cost():
        with CaptureQueriesContext(connection) as queries:
            assert client.patch(url(chef), {"bio": "?"}, headers=ANY_VERSION).status_code == 200
        return len(queries)

    before = cost()
    for _ in range(3):
        make_review(make_chef(ben))

    assert cost() == before
