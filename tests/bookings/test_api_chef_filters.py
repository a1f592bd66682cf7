"""Narrowing and ordering the list of chefs."""

from datetime import timedelta

import pytest

from bookings.models import AvailabilityException, Booking, Chef, Menu
from bookings.services.menus import edit_menu
from tests.bookings.answers import names, wrong_fields
from tests.makers import make_booking, make_chef, make_menu, make_review, noon_utc

CHEFS = "/api/coocook/chefs"


@pytest.fixture
def three(ben):
    """Three chefs who differ in everything."""
    for name, rating, details in (
        ("Ara", 3, {"cuisine": "Korean", "location": "Mapo, Seoul", "max_guests": 4}),
        ("Bo", 5, {"cuisine": "Thai", "location": "Busan", "max_guests": 10}),
        ("Chiara", None, {"cuisine": "Italian", "location": "Jeju", "max_guests": 30}),
    ):
        rate = {"Ara": 70_000, "Bo": 40_000, "Chiara": 55_000}[name]
        chef = make_chef(ben, name=name, hourly_rate_amount=rate, bio=f"{name} cooks.", **details)
        if rating:
            make_review(chef, rating=rating)


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({}, ["Chiara", "Bo", "Ara"]),
        ({"cuisine": "thai"}, ["Bo"]),
        ({"cuisine": "tha"}, []),
        ({"location": "SEOUL"}, ["Ara"]),
        ({"location": "s"}, ["Bo", "Ara"]),
        ({"q": "ara"}, ["Chiara", "Ara"]),
        ({"q": "cooks busan"}, ["Bo"]),
        ({"q": "ital"}, ["Chiara"]),
        ({"q": "%"}, []),
        ({"min_price": 55_000}, ["Chiara", "Ara"]),
        ({"max_price": 55_000}, ["Chiara", "Bo"]),
        ({"min_price": 41_000, "max_price": 69_999}, ["Chiara"]),
        ({"max_price": 10**30}, ["Chiara", "Bo", "Ara"]),
        ({"min_rating": 3}, ["Bo", "Ara"]),
        ({"min_rating": "3.01"}, ["Bo"]),
        ({"min_rating": "3.001"}, ["Bo"]),
        ({"guests": 5}, ["Chiara", "Bo"]),
        ({"guests": 10**30}, []),
        ({"cuisine": "Thai", "location": "Seoul"}, []),
        ({"cuisine": "", "q": " "}, ["Chiara", "Bo", "Ara"]),
        ({"sort": "newest"}, ["Chiara", "Bo", "Ara"]),
        ({"sort": "rating"}, ["Bo", "Ara", "Chiara"]),
        ({"sort": "price"}, ["Bo", "Chiara", "Ara"]),
        ({"sort": "-price"}, ["Ara", "Chiara", "Bo"]),
        ({"sort": "name"}, ["Ara", "Bo", "Chiara"]),
    ],
)
def test_finds(api, three, query, found):
    assert names(api().get(CHEFS, query)) == found


@pytest.mark.parametrize("sort", ["newest", "rating", "price", "-price", "name"])
def test_every_order_goes_on_by_cursor(api, ben, sort):
    for rate in (3, 1, 2, 1):
        make_chef(ben, name=f"N{rate}", hourly_rate_amount=rate)
    client = api()
    whole = [row["id"] for row in client.get(CHEFS, {"sort": sort}).json()["results"]]

    page, seen = client.get(CHEFS, {"sort": sort, "limit": 1}).json(), []
    while page["next"]:
        seen += [row["id"] for row in page["results"]]
        page = client.get(page["next"]).json()

    assert len(set(whole)) == 4
    assert [*seen, page["results"][0]["id"]] == whole


def test_prices_compare_within_a_currency(api, ben):
    make_chef(ben, name="won", hourly_rate_amount=50_000)
    make_chef(ben, name="euro", hourly_rate_amount=60_00, currency="EUR")
    client = api()

    assert names(client.get(CHEFS, {"min_price": 1})) == ["won"]
    assert names(client.get(CHEFS, {"min_price": 1, "currency": "EUR"})) == ["euro"]
    assert names(client.get(CHEFS, {"currency": "KRW"})) == ["won"]
    assert names(client.get(CHEFS)) == ["euro", "won"]


@pytest.mark.parametrize(
    ("query", "errors"),
    [
        ({"min_price": "cheap"}, {"min_price": "invalid"}),
        ({"min_price": "-1"}, {"min_price": "min_value"}),
        ({"max_price": "1.5"}, {"max_price": "invalid"}),
        ({"currency": "XXX"}, {"currency": "invalid_choice"}),
        ({"min_rating": "6"}, {"min_rating": "max_value"}),
        ({"min_rating": "nan"}, {"min_rating": "invalid"}),
        ({"guests": "many"}, {"guests": "invalid"}),
        ({"available_on": "tomorrow"}, {"available_on": "invalid"}),
        ({"available_on": "2027-02-30"}, {"available_on": "invalid"}),
        ({"sort": "owner"}, {"sort": "invalid_choice"}),
        ({"dietary": "meat"}, {"dietary": "invalid_choice"}),
        ({"dietary": ["vegan", "meat"]}, {"dietary": "invalid_choice"}),
        ({"dietary": ""}, {"dietary": "empty"}),
        ({"sort": "", "guests": ""}, {"sort": "empty", "guests": "empty"}),
        ({"q": "x" * 201}, {"q": "max_length"}),
        ({"q": "\x00"}, {"q": "null_characters_not_allowed"}),
        ({"limit": 0}, {"limit": "invalid"}),
        ({"limit": 101}, {"limit": "invalid"}),
        ({"cursor": "?"}, {"cursor": "invalid"}),
        ({"page": 2, "cuisines": "Thai"}, {"page": "unknown", "cuisines": "unknown"}),
    ],
)
def test_refuses_a_wrong_parameter_and_names_it(api, three, query, errors):
    assert wrong_fields(api().get(CHEFS, query)) == errors


def test_a_menu_suits_all_that_is_asked_for(api, three):
    ara, bo = Chef.objects.get(name="Ara"), Chef.objects.get(name="Bo")
    make_menu(ara, dietary=["vegan", "halal"])
    make_menu(bo, dietary=["vegan"])
    make_menu(bo, dietary=["halal"])
    client = api()

    assert names(client.get(CHEFS, {"dietary": "vegan"})) == ["Bo", "Ara"]
    assert names(client.get(CHEFS, {"dietary": ["vegan", "halal"]})) == ["Ara"]
    assert names(client.get(CHEFS, {"dietary": "halal", "cuisine": "thai"})) == ["Bo"]
    assert names(client.get(CHEFS, {"dietary": "kosher"})) == []
    for menu in Menu.objects.filter(chef=bo):
        edit_menu(menu=menu, versions=None, changes={"is_active": False})
    assert names(client.get(CHEFS, {"dietary": "vegan"})) == ["Ara"]
    day = noon_utc().date().isoformat()
    assert names(client.get(CHEFS, {"dietary": "vegan", "available_on": day})) == ["Ara"]


class TestAvailableOn:
    """Chefs with a free start on a date, in their own zone."""

    day = noon_utc().date()

    def found(self, client, day=None, **query):
        return names(client.get(CHEFS, {"available_on": (day or self.day).isoformat(), **query}))

    def test_leaves_out_who_is_closed_or_never_works(self, api, ben):
        make_chef(ben, name="open")
        make_chef(ben, name="no hours", hours=())
        AvailabilityException.objects.create(chef=make_chef(ben, name="closed"), date=self.day)

        assert self.found(api()) == ["open"]

    def test_leaves_out_who_is_booked_all_day(self, api, ben, ana):
        chef = make_chef(ben, name="booked", hours=((12, 14),))
        make_chef(ben, name="free", hours=((12, 14),))
        booking = make_booking(chef, ana, starts_at=noon_utc())

        assert self.found(api()) == ["free"]
        booking.occupancy.all().delete()
        assert self.found(api()) == ["free", "booked"]

    def test_counts_the_shortest_duration(self, api, ben):
        make_chef(ben, name="short", hours=((12, 14),), durations=[1, 3])
        make_chef(ben, name="long", hours=((12, 14),), durations=[3])

        assert self.found(api()) == ["short"]

    def test_means_the_date_where_the_chef_is(self, api, ben):
        # From 23 o'clock in Honolulu, which is the next date everywhere in Asia.
        late = {"hours": ((23, 24),), "durations": [1], "timezone": "Pacific/Honolulu"}
        chef = make_chef(ben, name="Honolulu", **late)
        AvailabilityException.objects.create(chef=chef, date=self.day + timedelta(days=1))

        assert self.found(api(), self.day) == ["Honolulu"]
        assert self.found(api(), self.day + timedelta(days=1)) == []

    @pytest.mark.parametrize("days", [-1, 93, 100_000])
    def test_is_nobody_in_the_past_or_beyond_the_horizon(self, api, chef, days):
        assert self.found(api(), noon_utc(days).date()) == []

    @pytest.mark.parametrize("day", ["0001-01-01", "9999-12-31"])
    def test_is_nobody_at_the_ends_of_time(self, api, chef, day):
        assert names(api().get(CHEFS, {"available_on": day})) == []

    def test_goes_with_other_filters_and_orders(self, api, three):
        assert self.found(api(), sort="price", guests=10) == ["Bo", "Chiara"]


def test_only_bookings_that_take_time_count(api, ben, ana):
    chef = make_chef(ben, hours=((12, 14),))
    make_booking(chef, ana, status=Booking.Status.CANCELLED)

    day = noon_utc().date().isoformat()
    assert names(api().get(CHEFS, {"available_on": day})) == [chef.name]
