"""It is for a review's author to say whether the chef may quote it, and to take that back."""

import pytest

from bookings.models import Review
from bookings.services.reviews import let_quote, write_review
from softfactory.kernel import clock
from softfactory.kernel.problems import Conflict, Forbidden, InvalidRequest
from tests.bookings.answers import problem, wrong_fields
from tests.makers import make_booking, make_review, noon_utc

pytestmark = pytest.mark.django_db


@pytest.fixture
def visit(ana, chef):
    """Ana's visit of last week."""
    return make_booking(
        chef, ana, starts_at=noon_utc(-7), status="completed", decided_at=clock.now()
    )


def api_at(visit):
    return f"/api/coocook/bookings/{visit.pk}/review"


def page_at(visit, path=""):
    return f"/coocook/bookings/{visit.pk}{path}"


def test_nobody_quotes_what_was_not_offered(api, ana, visit):
    written = api(ana).post(api_at(visit), {"rating": 5}).json()

    assert written["may_be_quoted"] is False
    assert not Review.objects.get().may_be_quoted


def test_what_may_be_quoted_is_so_once_everybody_reads_it(api, ana, ben, visit):
    written = api(ana).post(api_at(visit), {"rating": 5, "may_be_quoted": True}).json()
    assert written["may_be_quoted"] is True
    assert not Review.objects.quotable().exists()
    assert not Review.objects.get().is_quotable

    assert api(ben).post(api_at(visit), {"rating": 5}).json()["may_be_quoted"] is False

    assert Review.objects.quotable().get().is_quotable
    both = api(ben).get(f"{api_at(visit)}s").json()
    assert both["of_chef"]["may_be_quoted"] is True


def test_taken_back_and_given_again(api, ana, visit):
    make_review(booking=visit, may_be_quoted=True)

    for wish in (False, False, True):
        answer = api(ana).post(f"{api_at(visit)}-quoting", {"may_be_quoted": wish})

        assert (answer.status_code, answer.json()["may_be_quoted"]) == (200, wish)
        assert Review.objects.quotable().exists() is wish


def test_strangers_and_the_chef_have_no_say(api, ben, cho, visit):
    make_review(booking=visit)

    assert problem(api(ben).post(f"{api_at(visit)}-quoting", {"may_be_quoted": True})) == (
        403,
        "not_the_author",
    )
    assert api(cho).post(f"{api_at(visit)}-quoting", {"may_be_quoted": True}).status_code == 404
    assert api().post(f"{api_at(visit)}-quoting", {"may_be_quoted": True}).status_code == 401
    assert not Review.objects.get().may_be_quoted


def test_a_chef_lets_nobody_quote_them(api, ben, visit):
    refused = api(ben).post(api_at(visit), {"rating": 5, "may_be_quoted": True})

    assert wrong_fields(refused) == {"may_be_quoted": "not_yours"}
    with pytest.raises(InvalidRequest):
        write_review(
            booking=visit, author=ben, rating=5, text="", now=clock.now(), may_be_quoted=True
        )


def test_there_is_nothing_to_quote(api, ana, ben, visit):
    assert problem(api(ana).post(f"{api_at(visit)}-quoting", {"may_be_quoted": True})) == (
        409,
        "no_review",
    )
    with pytest.raises(Conflict):
        let_quote(booking=visit, by=ana, may_be_quoted=True)
    with pytest.raises(Forbidden):
        let_quote(booking=visit, by=ben, may_be_quoted=True)


@pytest.mark.parametrize(
    ("body", "wrong"),
    [
        ({}, {"may_be_quoted": "required"}),
        ({"may_be_quoted": "yes"}, {"may_be_quoted": "invalid"}),
        ({"may_be_quoted": None}, {"may_be_quoted": "null"}),
        ({"may_be_quoted": True, "rating": 5}, {"rating": "unknown"}),
    ],
)
def test_nothing_else_of_a_review_is_changed(api, ana, visit, body, wrong):
    make_review(booking=visit, rating=1)

    assert wrong_fields(api(ana).post(f"{api_at(visit)}-quoting", body)) == wrong
    assert Review.objects.get().rating == 1


def test_the_form_says_under_which_name(browse, ana, visit):
    form = browse(ana).get(page_at(visit, "/review")).text
    assert f"With the name “{ana.name}”" in form

    sent = {"rating": "5", "text": "Fine.", "may_be_quoted": "on"}
    page = browse(ana).post(page_at(visit, "/review"), sent, follow=True).text

    assert Review.objects.get().may_be_quoted
    assert f"The chef may quote this in posts, with the name “{ana.name}”." in page


def test_the_form_does_not_tick_it_for_anybody(browse, ana, ben, visit):
    assert "checked" not in browse(ana).get(page_at(visit, "/review")).text
    assert "may_be_quoted" not in browse(ben).get(page_at(visit, "/review")).text


def test_it_is_taken_back_on_the_bookings_page(browse, ana, ben, visit):
    make_review(booking=visit, may_be_quoted=True)

    page = browse(ana).post(page_at(visit, "/review/quoting"), {"may_be_quoted": "no"}, follow=True)
    assert "The chef may not quote this in posts." in page.text
    assert not Review.objects.get().may_be_quoted
    page = browse(ana).post(
        page_at(visit, "/review/quoting"), {"may_be_quoted": "yes"}, follow=True
    )
    assert "The chef may quote your review." in page.text
    assert page_at(visit, "/review/quoting") not in browse(ben).get(page_at(visit)).text


def test_without_a_review_the_page_says_so(browse, ana, visit):
    page = browse(ana).post(
        page_at(visit, "/review/quoting"), {"may_be_quoted": "yes"}, follow=True
    )

    assert "You have not reviewed this booking." in page.text
