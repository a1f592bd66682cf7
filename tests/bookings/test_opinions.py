"""What guests say of a chef is kept in the process until somebody writes of that chef."""

import pytest

from bookings.models import Review
from bookings.services.opinions import opinions_of
from softfactory.kernel.db import router
from tests.makers import make_chef, make_review

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("still")]


def said_of(chef):
    return [review.text for review in opinions_of(chef).latest]


def test_is_read_once(django_assert_num_queries):
    chef = make_chef()
    make_review(chef, rating=4, text="Good.")
    with django_assert_num_queries(3):
        assert said_of(chef) == ["Good."]
    with django_assert_num_queries(0):
        assert said_of(chef) == ["Good."]


def test_whatever_is_written_of_the_chef_is_seen_at_once():
    chef, other = make_chef(), make_chef()
    assert said_of(chef) == said_of(other) == []
    review = make_review(chef, rating=5, text="Before.")
    assert said_of(chef) == ["Before."]
    Review.objects.update(text="After.")
    assert said_of(chef) == ["After."]
    review.delete()
    assert said_of(chef) == said_of(other) == []


def test_is_read_from_where_its_number_is():
    chef = make_chef()
    with router._reading_from_replica():  # there is none: to ask it would be an error
        assert said_of(chef) == []
