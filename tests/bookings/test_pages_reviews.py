"""The pages on which the two sides of a visit write of each other."""

import pytest

from bookings.models import GuestReview, Review
from bookings.services.reviews import write_review
from softfactory.kernel import clock
from tests.makers import make_booking, make_review, noon_utc

pytestmark = pytest.mark.django_db


@pytest.fixture
def visit(ana, chef):
    """Ana's visit of last week."""
    return make_booking(
        chef, ana, starts_at=noon_utc(-7), status="completed", decided_at=clock.now()
    )


def at(visit, path=""):
    return f"/coocook/bookings/{visit.pk}{path}"


def test_both_sides_write_and_then_read(browse, ana, ben, visit):
    assert at(visit, "/review") in browse(ana).get(at(visit)).text
    sent = {"rating": "2", "text": "Salty <soup>."}
    page = browse(ana).post(at(visit, "/review"), sent, follow=True)
    assert "once the other side has written too" in page.text
    assert "Salty &lt;soup&gt;." in page.text
    assert "Salty" not in browse(ben).get(at(visit)).text

    page = browse(ben).post(at(visit, "/review"), {"rating": "5"}, follow=True)

    assert "Both reviews can be read now" in page.text
    assert "Salty" in page.text
    assert "Salty" in browse(None).get(f"/coocook/chefs/{visit.chef_id}").text
    assert (Review.objects.count(), GuestReview.objects.count()) == (1, 1)


def test_the_chef_answers_in_public(browse, ben, visit):
    make_review(booking=visit)
    assert at(visit, "/review/answer") in browse(ben).get(at(visit)).text

    page = browse(ben).post(at(visit, "/review/answer"), {"text": "Come again."}, follow=True)

    assert "Come again." in page.text
    assert "Come again." in browse(None).get(f"/coocook/chefs/{visit.chef_id}/reviews").text


def test_a_form_without_stars_says_so(browse, ana, visit):
    page = browse(ana).post(at(visit, "/review"), {"text": "Fine."})

    assert page.status_code == 400
    assert "Choose how many stars." in page.text
    assert not Review.objects.exists()


def test_who_has_written_is_led_back(browse, ana, ben, cho, visit):
    write_review(booking=visit, author=ana, rating=5, text="", now=clock.now())

    assert browse(ana).get(at(visit, "/review")).headers["Location"] == at(visit)
    assert browse(ana).get(at(visit, "/review/answer")).status_code == 404
    assert browse(ben).get(at(visit, "/review/answer")).headers["Location"] == at(visit)
    assert browse(cho).get(at(visit, "/review")).status_code == 404
