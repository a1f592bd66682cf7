"""Finding chefs by their words, with counts of what each filter would leave, the soonest first."""

from importlib import import_module

import pytest
from django.db import connection
from django.utils.html import strip_tags

from bookings.invariants import count_wrong_search
from bookings.models import AvailabilityRule, Chef
from bookings.querysets.searching import TABLE, keep_in_step
from tests.makers import make_chef, make_menu, make_review, noon_utc

pytestmark = pytest.mark.django_db


def found(text):
    return set(Chef.objects.matching(text).values_list("name", flat=True))


@pytest.fixture
def chefs():
    make_chef(name="Kim Nari", bio="서울에서 한식을 요리합니다.", location="Seoul")
    make_chef(name="Chiara", bio="Pâté & 100% butter; a 'C' cook.", cuisine="Italian")
    make_chef(name="Bo", bio='The "best" pancakes\\waffles.', cuisine="Thai", location="Busan")


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("nari", {"Kim Nari"}),
        ("한식", {"Kim Nari"}),
        ("식", {"Kim Nari"}),
        ("한식을 요리", {"Kim Nari"}),
        ("서울 중식", set()),
        ("PÂTÉ", {"Chiara"}),
        ("cake", {"Bo"}),
        ("ook", {"Chiara"}),
        ("thai busan", {"Bo"}),
        ("thai seoul", set()),
        ("100%", {"Chiara"}),
        ("%", {"Chiara"}),
        ("_", set()),
        ('"', {"Bo"}),
        ('"best"', {"Bo"}),
        ("s\\w", {"Bo"}),
        ("\\", {"Bo"}),
        ("'C'", {"Chiara"}),
        ("AND OR NOT", set()),
        ("bio:best", set()),
        ("best*", set()),
        ("NEAR(best)", set()),
        ("💥", set()),
        ("   ", {"Kim Nari", "Chiara", "Bo"}),
    ],
)
def test_every_word_is_somewhere(chefs, text, names):
    assert found(text) == names


def test_whatever_way_a_chef_is_written_it_is_found_by_what_it_says_now(chefs):
    Chef.objects.filter(name="Bo").update(bio="Noodles.")
    assert (found("pancake"), found("noodles")) == (set(), {"Bo"})
    chef = Chef.objects.get(name="Bo")
    chef.bio = "Dumplings."
    chef.save()
    assert (found("noodles"), found("dumplings")) == (set(), {"Bo"})
    Chef.objects.bulk_create([Chef(owner=chef.owner, name="Many", cuisine="Thai", location="Jeju")])
    assert found("jeju") == {"Many"}
    Chef.objects.filter(name="Many").delete()
    assert found("jeju") == set()
    assert count_wrong_search() == 0


def test_a_lost_trigger_is_noticed_and_made_again(chefs):
    name, on = (
        ("bookings_search_chef", " ON bookings_chef")
        if connection.vendor == "postgresql"
        else ("bookings_search_chef_updated", "")
    )
    with connection.cursor() as cursor:
        cursor.execute(f"DROP TRIGGER {name}{on}")
    Chef.objects.filter(name="Bo").update(bio="Noodles.")
    assert count_wrong_search() == 1

    keep_in_step(connection)

    assert count_wrong_search() == 0
    assert found("noodles") == {"Bo"}
    keep_in_step(connection)


def test_verify_notices_words_that_are_not_there(chefs):
    with connection.cursor() as cursor:
        cursor.execute(f"DELETE FROM {TABLE}")
    assert count_wrong_search() == 3


def options(page, name):
    choices = page.context["form"].fields[name].widget.choices
    return {value: strip_tags(label) for value, label in choices}


def test_says_how_many_each_filter_would_leave(client, chefs):
    make_review(Chef.objects.get(name="Bo"), rating=5)
    make_review(Chef.objects.get(name="Chiara"), rating=4)

    page = client.get("/coocook/explore", {"cuisine": "Thai"})

    assert options(page, "cuisine")["Italian"] == "Italian (1)"
    assert options(page, "cuisine")["Korean"] == "Korean (1)"
    assert options(page, "min_rating") == {"": "Any", "4": "4 and up (1)", "4.5": "4.5 and up (1)"}

    page = client.get("/coocook/explore", {"q": "butter"})

    assert options(page, "cuisine")["Italian"] == "Italian (1)"
    assert options(page, "cuisine")["Thai"] == "Thai (0)"
    assert options(page, "min_rating")["4.5"] == "4.5 and up (0)"


def test_says_how_many_chefs_have_a_menu_that_suits_this_too(client, chefs):
    bo, kim = Chef.objects.get(name="Bo"), Chef.objects.get(name="Kim Nari")
    make_menu(bo, dietary=["vegan", "halal"])
    make_menu(bo, dietary=["vegan"])
    make_menu(kim, dietary=["vegan"])
    make_menu(kim, dietary=["halal"])
    make_menu(kim, dietary=["kosher"], is_active=False)

    def counts(**query):
        page = client.get("/coocook/explore", query)
        return {
            value: label for value, label in options(page, "dietary").items() if "(0" not in label
        }

    assert counts() == {"vegan": "Vegan (2)", "halal": "Halal (2)"}
    assert counts(dietary="vegan") == {"vegan": "Vegan (2)", "halal": "Halal (1)"}
    assert counts(cuisine="Thai") == {"vegan": "Vegan (1)", "halal": "Halal (1)"}


@pytest.mark.django_db(transaction=True)
def test_explore_takes_two_queries_whatever_is_asked(client, chefs, django_assert_num_queries):
    query = {"q": "noon", "cuisine": "Thai", "guests": "4", "min_rating": "4"}
    query |= {"dietary": ["vegan", "halal"]}
    with django_assert_num_queries(2):
        client.get("/coocook/explore", query)


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("still")
def test_a_day_for_so_many_takes_three(client, chefs, django_assert_num_queries):
    query = {"q": "butter", "available_on": f"{noon_utc(9):%Y-%m-%d}", "guests": "4"}
    with django_assert_num_queries(3):  # generations, chefs, what is taken of their time
        page = client.get("/coocook/explore", query)
    assert [card.name for card in page.context["cards"]] == ["Chiara"]


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("still")
def test_the_soonest_free_come_first(client, django_assert_num_queries):
    make_chef(name="Late", hours=((9, 21),), minimum_notice_minutes=3 * 1440)
    make_chef(name="Soon", hours=((9, 21),))
    never = make_chef(name="Never")
    AvailabilityRule.objects.filter(chef=never).delete()
    with django_assert_num_queries(3):
        page = client.get("/coocook/explore", {"sort": "soonest"})

    assert [card.name for card in page.context["cards"]] == ["Soon", "Late"]
    assert page.context["total"] == 2
    assert "come first. Narrow the search" not in page.text


def test_says_of_how_many_the_soonest_are_taken(client, monkeypatch):
    for module in ("bookings.views.results", "bookings.views.explore"):
        monkeypatch.setattr(import_module(module), "ASKED_FOR_SOONEST", 2)
    for rating in (5, 4, 3):
        make_review(make_chef(name=f"{rating} stars"), rating=rating)
    page = client.get("/coocook/explore", {"sort": "soonest"})
    assert {card.name for card in page.context["cards"]} == {"5 stars", "4 stars"}
    assert "Of the 2 best rated chefs who fit, those who are free the soonest" in page.text
