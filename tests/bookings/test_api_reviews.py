"""The API of reviews: everybody reads them, the customer of a completed booking writes one."""

import pytest

from bookings.models import Review
from tests.bookings.answers import problem, wrong_fields
from tests.makers import make_booking, make_chef, make_review, noon_utc

CHEFS = "/api/coocook/chefs"


def url(booking):
    return f"/api/coocook/bookings/{booking.pk}/review"


@pytest.fixture
def completed(ana, chef):
    """Ana's booking of Ben's chef, last week."""
    return make_booking(chef, ana, starts_at=noon_utc(-7), status="completed")


def test_both_write_and_then_everybody_reads_it(api, ana, ben, chef, completed):
    response = api(ana).post(url(completed), {"rating": 4, "text": "Crisp pancakes."})

    assert response.status_code == 201
    written = response.json()
    assert (written["rating"], written["text"]) == (4, "Crisp pancakes.")
    assert (written["author_name"], written["published_at"]) == (ana.name, None)
    assert written["due_at"]
    assert api().get(f"{CHEFS}/{chef.pk}/reviews").json()["results"] == []
    assert api(ben).get(f"{url(completed)}s").json() == {"of_chef": None, "of_guest": None}

    assert api(ben).post(url(completed), {"rating": 5}).json()["published_at"]

    [shown] = api().get(f"{CHEFS}/{chef.pk}/reviews").json()["results"]
    assert (shown["text"], shown["answer"]) == ("Crisp pancakes.", "")
    both = api(ana).get(f"{url(completed)}s").json()
    assert (both["of_chef"]["rating"], both["of_guest"]["rating"]) == (4, 5)
    assert both["of_guest"]["author_name"] == chef.name
    chef_shown = api().get(f"{CHEFS}/{chef.pk}").json()
    assert (chef_shown["rating"], chef_shown["review_count"]) == (4.0, 1)
    assert chef_shown["rating_counts"] == {"5": 0, "4": 1, "3": 0, "2": 0, "1": 0}


def test_the_chef_answers_for_everybody_to_read(api, ana, ben, chef, completed):
    make_review(chef, booking=completed)

    assert api(ben).post(f"{url(completed)}-answer", {"text": "Thanks."}).status_code == 201

    [shown] = api().get(f"{CHEFS}/{chef.pk}/reviews").json()["results"]
    assert (shown["answer"], bool(shown["answered_at"])) == ("Thanks.", True)
    again = api(ben).post(f"{url(completed)}-answer", {"text": "Thanks."})
    assert problem(again) == (409, "already_answered")
    refused = api(ana).post(f"{url(completed)}-answer", {"text": "Thanks."})
    assert problem(refused) == (403, "not_the_chef")
    assert wrong_fields(api(ben).post(f"{url(completed)}-answer", {})) == {"text": "required"}


def test_a_rating_needs_no_words(api, ana, completed):
    assert api(ana).post(url(completed), {"rating": 1}).json()["text"] == ""


def test_lists_the_last_one_first_and_goes_on_by_cursor(api, chef):
    for text in ("first", "second", "third"):
        make_review(chef, text=text, booking=make_booking(chef, status="completed"))
    make_review(make_chef(), text="of another")

    page = api().get(f"{CHEFS}/{chef.pk}/reviews", {"limit": 2})
    rest = api().get(page.json()["next"])

    texts = [row["text"] for row in page.json()["results"] + rest.json()["results"]]
    assert texts == ["third", "second", "first"]


def test_a_chef_without_reviews_has_an_empty_list_and_an_absent_one_none(api, ben, chef):
    assert api().get(f"{CHEFS}/{chef.pk}/reviews").json()["results"] == []
    inactive = make_chef(ben, is_active=False)
    make_review(inactive)
    for pk in (inactive.pk, 999_999):
        assert problem(api(ben).get(f"{CHEFS}/{pk}/reviews")) == (404, "not_found")


def test_refuses_an_unknown_parameter(api, chef):
    response = api().get(f"{CHEFS}/{chef.pk}/reviews", {"rating": 5})

    assert wrong_fields(response) == {"rating": "unknown"}


@pytest.mark.parametrize("state", ["pending", "confirmed", "cancelled", "no_show"])
def test_only_a_completed_booking_is_reviewed(api, ana, chef, state):
    booking = make_booking(chef, ana, status=state)

    assert problem(api(ana).post(url(booking), {"rating": 5})) == (409, "not_completed")
    assert not Review.objects.exists()


def test_a_booking_is_reviewed_once(api, ana, completed):
    client = api(ana)
    client.post(url(completed), {"rating": 5})

    assert problem(client.post(url(completed), {"rating": 1})) == (409, "already_reviewed")
    assert Review.objects.get().rating == 5


def test_strangers_do_not_review(api, cho, completed):
    assert problem(api(cho).post(url(completed), {"rating": 5})) == (404, "not_found")
    assert problem(api().post(url(completed), {"rating": 5}))[0] == 401
    assert not Review.objects.exists()


@pytest.mark.parametrize(
    ("body", "errors"),
    [
        ({}, {"rating": "required"}),
        ({"rating": 0}, {"rating": "min_value"}),
        ({"rating": 6}, {"rating": "max_value"}),
        ({"rating": 4.5}, {"rating": "invalid"}),
        ({"rating": "5"}, {"rating": "invalid"}),
        ({"rating": 5, "text": "x" * 4001}, {"text": "max_length"}),
        ({"rating": 5, "author_name": "Cho"}, {"author_name": "read_only"}),
        ({"rating": 5, "chef_id": 1}, {"chef_id": "unknown"}),
    ],
)
def test_refuses_a_wrong_value_and_names_it(api, ana, completed, body, errors):
    assert wrong_fields(api(ana).post(url(completed), body)) == errors
    assert not Review.objects.exists()
