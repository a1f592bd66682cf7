"""The API of chefs: what everybody reads, and who gets no answer."""

import pytest

from softfactory.kernel.assets import dishes
from tests.bookings.answers import names, problem
from tests.makers import make_chef, make_review

CHEFS = "/api/coocook/chefs"


def won(amount):
    return {"amount": amount, "currency": "KRW"}


def url(chef):
    return f"{CHEFS}/{chef.pk}"


def test_everybody_reads_a_chef(api, ben):
    chef = make_chef(ben, name="Nari", picture=dishes()[0])
    make_review(chef, rating=5)
    make_review(chef, rating=4)

    response = api().get(url(chef))

    assert response.status_code == 200
    shown = response.json()
    assert shown.pop("created_at").endswith("Z")
    assert shown.pop("updated_at").endswith("Z")
    assert shown.pop("picture").startswith("/static/built/")
    assert shown == {
        "id": chef.pk,
        "owner_id": ben.pk,
        "name": "Nari",
        "bio": "Cooks what the market had this morning.",
        "cuisine": "Korean",
        "location": "Seoul",
        "timezone": "Asia/Seoul",
        "hourly_rate": won(50_000),
        "session_rate": won(100_000),
        "price_per_guest": won(30_000),
        "max_guests": 20,
        "is_active": True,
        "instant_booking": False,
        "rating": 4.5,
        "review_count": 2,
        "rating_counts": {"5": 1, "4": 1, "3": 0, "2": 0, "1": 0},
    }


def test_a_chef_without_reviews_or_drawing_has_null_for_them(api, chef):
    shown = api().get(url(chef)).json()

    assert (shown["rating"], shown["review_count"], shown["picture"]) == (None, 0, None)


def test_the_list_has_the_newest_first_and_goes_on_by_cursor(api, ben):
    for name in ("first", "second", "third"):
        make_chef(ben, name=name)

    page = api().get(CHEFS, {"limit": 2})
    rest = api().get(page.json()["next"])

    assert names(page) == ["third", "second"]
    assert names(rest) == ["first"]
    assert rest.json()["next"] is None
    assert names(api().get(rest.json()["previous"])) == ["third", "second"]


@pytest.mark.parametrize("user", ["nobody", "stranger", "owner"])
def test_nobody_reads_a_chef_who_takes_no_bookings(api, ben, cho, user):
    chef = make_chef(ben, is_active=False)
    client = api({"nobody": None, "stranger": cho, "owner": ben}[user])

    assert problem(client.get(url(chef))) == (404, "not_found")
    assert names(client.get(CHEFS)) == []


def test_a_chef_who_is_absent_is_not_found(api, db):
    assert problem(api().get(f"{CHEFS}/999999")) == (404, "not_found")
    assert problem(api().get(f"{CHEFS}/{10**17}")) == (404, "not_found")


@pytest.mark.parametrize("spelling", ["007", "٧", "0", "1e3", "-1"])
def test_an_id_has_one_spelling(api, db, spelling):
    assert problem(api().get(f"{CHEFS}/{spelling}")) == (404, "not_found")
