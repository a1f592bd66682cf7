"""Explore: filters, chips, order, pages, and the next free times."""

from datetime import timedelta

import pytest
from django.urls import reverse

from bookings.models import AvailabilityException, Chef, words
from softfactory.kernel import clock
from softfactory.kernel.db import generations
from tests.makers import make_chef, make_menu, make_review

pytestmark = pytest.mark.django_db

EXPLORE = "/coocook/explore"


def names(client, **query):
    """The names of the chefs on the page, in order."""
    page = client.get(EXPLORE, query)
    assert page.status_code == 200
    return [chef.name for chef in page.context["cards"]]


def test_shows_active_chefs_with_cuisine_place_rating_and_price(client):
    chef = make_chef(name="Ada", cuisine="Thai", location="Busan")
    make_review(chef, rating=4)
    make_chef(name="Hidden", is_active=False)
    page = client.get(EXPLORE).content.decode()
    assert "1 chef\n" in page
    for text in ("Ada", "Thai · Busan", "4.00", "₩50,000"):
        assert text in page
    assert "Hidden" not in page


@pytest.fixture
def two_chefs():
    """A dear, well rated Thai chef in Busan, then a cheap Korean one in Seoul."""
    thai = make_chef(name="Thai", cuisine="Thai", location="Busan", max_guests=12)
    make_review(thai, rating=4)
    make_chef(name="Cheap", hourly_rate_amount=20_000, max_guests=10)


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({"cuisine": "thai"}, {"Thai"}),
        ({"location": "busan"}, {"Thai"}),
        ({"q": "market morning"}, {"Thai", "Cheap"}),
        ({"q": "market evening"}, set()),
        ({"min_price": "50000"}, {"Thai"}),
        ({"max_price": "49999"}, {"Cheap"}),
        ({"min_rating": "4"}, {"Thai"}),
        ({"min_rating": "4.5"}, set()),
        ({"guests": "11"}, {"Thai"}),
        ({"cuisine": "", "guests": "", "sort": ""}, {"Thai", "Cheap"}),
    ],
)
def test_filters(client, two_chefs, query, found):
    assert set(names(client, **query)) == found


@pytest.mark.parametrize(
    ("sort", "order"),
    [
        ("", ["Thai", "Cheap"]),
        ("newest", ["Cheap", "Thai"]),
        ("price", ["Cheap", "Thai"]),
        ("-price", ["Thai", "Cheap"]),
    ],
)
def test_sorts(client, two_chefs, sort, order):
    assert names(client, sort=sort) == order


@pytest.mark.usefixtures("two_chefs")
class TestDiets:
    """Chefs by what a menu of theirs suits."""

    @pytest.fixture(autouse=True)
    def menus(self, two_chefs):
        thai, cheap = Chef.objects.get(name="Thai"), Chef.objects.get(name="Cheap")
        make_menu(thai, dietary=["vegan", "halal"])
        make_menu(cheap, dietary=["vegan"])
        make_menu(cheap, dietary=["halal"])
        make_menu(cheap, dietary=["kosher"], is_active=False)
        make_menu(cheap, dietary=["pescatarian"], currency="EUR")

    @pytest.mark.parametrize(
        ("dietary", "found"),
        [
            ("vegan", {"Thai", "Cheap"}),
            (["vegan", "halal"], {"Thai"}),
            (["halal", "vegan", "vegan"], {"Thai"}),
            ("kosher", set()),
            ("pescatarian", set()),
            ("", {"Thai", "Cheap"}),
        ],
    )
    def test_one_menu_suits_all_of_it(self, client, dietary, found):
        assert set(names(client, dietary=dietary)) == found

    def test_each_has_a_chip_that_takes_it_off(self, client):
        page = client.get(EXPLORE, {"dietary": ["halal", "vegan"], "page": "1", "q": "market"})
        assert page.context["chips"][1:] == [
            {"label": "Vegan", "href": f"{EXPLORE}?dietary=halal&q=market"},
            {"label": "Halal", "href": f"{EXPLORE}?dietary=vegan&q=market"},
        ]
        assert page.text.count("checked") == 3  # any rating is too
        alone = client.get(EXPLORE, {"dietary": "vegan"})
        assert alone.context["chips"] == [{"label": "Vegan", "href": EXPLORE}]
        assert alone.text.count("checked") == 2

    def test_goes_with_a_date(self, client):
        day = clock.now().date() + timedelta(days=10)
        assert names(client, dietary="halal", cuisine="Thai", available_on=day) == ["Thai"]

    def test_is_the_same_after_the_next_page_is_asked_for(self, client):
        thai = Chef.objects.get(name="Thai")
        for _n in range(13):
            make_menu(make_chef(owner=thai.owner), dietary=["vegan", "halal"])
        page = client.get(EXPLORE, {"dietary": ["vegan", "halal"]})
        assert page.context["total"] == 14
        assert page.context["page"].next == f"{EXPLORE}?dietary=vegan&dietary=halal&page=2"


@pytest.mark.parametrize("day", ["9999-12-31", "2999-12-31"])
def test_a_date_beyond_all_calendars_finds_nobody(client, two_chefs, day):
    assert names(client, available_on=day) == []


def test_price_filter_leaves_out_other_currencies(client):
    make_chef(name="Won")
    make_chef(name="Euro", currency="EUR")
    assert names(client, min_price="1") == ["Won"]
    assert names(client, sort="-price") == ["Won", "Euro"]


def test_date_leaves_out_who_is_closed_that_day(client):
    day = clock.now().date() + timedelta(days=10)
    make_chef(name="Open")
    closed = make_chef(name="Closed")
    AvailabilityException.objects.create(chef=closed, date=day)
    page = client.get(EXPLORE, {"available_on": day.isoformat(), "guests": "3"})
    assert [chef.name for chef in page.context["cards"]] == ["Open"]
    assert f"?date={day}&amp;guests=3" in page.content.decode()


def test_with_a_date_the_rest_is_not_counted(client):
    for _n in range(14):
        make_chef()
    query = {"available_on": (clock.now().date() + timedelta(days=10)).isoformat()}
    assert "More than 12 chefs" in client.get(EXPLORE, query).content.decode()
    assert "14 chefs\n" in client.get(EXPLORE, query | {"page": "2"}).content.decode()


def test_words_of_the_language_find_what_is_stored_in_english(client, monkeypatch):
    make_chef(name="Found", location="Seoul")
    monkeypatch.setitem(words.PLACES, "Seoul", "서울")
    assert names(client, location="서울") == ["Found"]


@pytest.mark.parametrize(
    ("query", "field", "message"),
    [
        ({"guests": "0"}, "guests", "greater than or equal to 1"),
        ({"guests": "many"}, "guests", "whole number"),
        ({"min_price": "-1"}, "min_price", "greater than or equal to 0"),
        ({"min_price": "9", "max_price": "8"}, "max_price", "less than the lowest price"),
        ({"min_rating": "9"}, "min_rating", "not one of the available choices"),
        ({"available_on": "2020-01-01"}, "available_on", "This day is over"),
        ({"available_on": "soon"}, "available_on", "valid date"),
        ({"dietary": ["vegan", "cake"]}, "dietary", "not one of the available choices"),
        ({"sort": "random"}, "sort", "not one of the available choices"),
    ],
)
def test_invalid_value_is_said_on_its_field_and_the_rest_counts(client, query, field, message):
    make_chef(name="Thai chef", cuisine="Thai")
    make_chef(name="Other")
    page = client.get(EXPLORE, {"cuisine": "Thai", **query})
    assert page.status_code == 200
    assert message in " ".join(page.context["form"].errors[field])
    assert message in page.content.decode()
    assert [chef.name for chef in page.context["cards"]] == ["Thai chef"]


def test_chip_takes_its_own_filter_off_and_keeps_the_others(client):
    make_chef(cuisine="Thai")
    page = client.get(EXPLORE, {"cuisine": "Thai", "guests": "4", "page": "1"})
    assert page.context["chips"] == [
        {"label": "Thai", "href": f"{EXPLORE}?guests=4"},
        {"label": "4 guests", "href": f"{EXPLORE}?cuisine=Thai"},
    ]


def test_offers_the_cuisines_and_places_that_exist(client):
    make_chef(cuisine="Thai", location="Busan")
    make_chef(cuisine="Thai", location="Pohang")
    make_chef(cuisine="Fusion", is_active=False)
    page = client.get(EXPLORE).content.decode()
    assert page.count('<option value="Thai"') == 1
    assert "Fusion" not in page
    assert '<option value="Pohang">' in page


def test_empty_result_says_what_to_do_and_keeps_what_was_asked(client):
    make_chef()
    page = client.get(EXPLORE, {"cuisine": "Martian"}).content.decode()
    assert "0 chefs" in page
    assert "Clear all filters" in page
    assert '<option value="Martian" selected>' in page


def test_pages_hold_twelve_and_keep_the_filters(client):
    for n in range(14):
        make_chef(name=f"Chef {n}")
    first = client.get(EXPLORE, {"cuisine": "Korean"}).context
    assert first["total"] == 14
    assert len(first["page"].rows) == 12
    assert first["page"].next == f"{EXPLORE}?cuisine=Korean&page=2"
    second = client.get(first["page"].next).context
    assert second["total"] == 14
    assert len(second["page"].rows) == 2
    assert second["page"].previous == f"{EXPLORE}?cuisine=Korean"
    assert second["page"].next is None


def test_page_beyond_the_last_is_not_found(client):
    make_chef()
    assert client.get(EXPLORE, {"page": "2"}).status_code == 404
    assert client.get(EXPLORE, {"page": "-3"}).status_code == 200


@pytest.mark.parametrize("count", [0, 1, 30])
@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("still")
def test_takes_two_queries_cold_and_none_warm(client, django_assert_num_queries, count):
    for _n in range(count):
        make_chef()
    with django_assert_num_queries(2):
        client.get(EXPLORE, {"cuisine": "Korean"})
    with django_assert_num_queries(0):
        client.get(EXPLORE, {"cuisine": "Korean"})


@pytest.mark.parametrize("count", [1, 30])
@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("still")
def test_a_date_takes_one_query_more(client, django_assert_num_queries, count):
    for _n in range(count):
        make_chef()
    day = clock.now().date() + timedelta(days=5)
    with django_assert_num_queries(3):
        client.get(EXPLORE, {"available_on": day.isoformat()})
    with django_assert_num_queries(0):
        client.get(EXPLORE, {"available_on": day.isoformat()})


@pytest.mark.django_db(transaction=True)
def test_a_change_of_a_chef_is_seen_at_once(client):
    chef = make_chef(name="Before")
    assert names(client) == ["Before"]
    Chef.objects.filter(pk=chef.pk).update(name="After")
    assert "After" in client.get(EXPLORE).content.decode()


def test_next_free_times_come_for_all_chefs_of_the_page(client):
    chef, busy = make_chef(), make_chef(durations=[])
    gone = make_chef(is_active=False)
    address = reverse("bookings:next_free")
    page = client.get(address, {"ids": f"{chef.pk},{busy.pk},{gone.pk},x,,9"}).content.decode()
    assert f'id="next-free-{chef.pk}"' in page
    assert 'hx-swap-oob="true"' in page
    assert "Nothing free for two weeks" in page
    assert f'id="next-free-{gone.pk}"' not in page


@pytest.mark.parametrize("count", [1, 12])
@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("still")
def test_next_free_times_take_four_queries_cold_one_when_offers_are_kept_and_none_warm(
    client, django_assert_num_queries, count
):
    ids = ",".join(str(make_chef().pk) for _n in range(count))
    address = reverse("bookings:next_free")
    for queries in (4, 0):
        with django_assert_num_queries(queries):
            client.get(address, {"ids": ids})
    generations.move_now("calendar")
    with django_assert_num_queries(1):
        client.get(address, {"ids": ids})
