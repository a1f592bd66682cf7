"""Reviews: who may write one, when, and what it does to the rating."""

import pytest

from bookings import invariants
from bookings.models import Chef, Review
from bookings.services.reviews import write_review
from softfactory.kernel import clock
from softfactory.kernel.problems import Conflict, Forbidden
from tests.makers import make_booking, make_user, noon_utc


def completed(chef, customer, days=-7):
    return make_booking(chef, customer, starts_at=noon_utc(days), status="completed")


def review(booking, author, rating=5, text="Worth the wait."):
    return write_review(booking=booking, author=author, rating=rating, text=text, now=clock.now())


@pytest.mark.parametrize(
    ("ratings", "hundredths"), [([5], 500), ([5, 4], 450), ([5, 5, 4], 467), ([1, 1, 2], 133)]
)
def test_the_rating_follows_to_the_hundredth(ana, chef, ratings, hundredths):
    for days, rating in enumerate(ratings):
        review(completed(chef, ana, -days - 1), ana, rating)
    reviewed = Chef.objects.get(pk=chef.pk)
    assert reviewed.rating_hundredths == hundredths
    assert (reviewed.review_count, reviewed.rating_sum) == (len(ratings), sum(ratings))
    assert invariants.count_wrong_ratings() == 0


def test_a_review_is_no_edit_of_the_chef(ana, chef):
    before = Chef.objects.get(pk=chef.pk)
    review(completed(chef, ana), ana)
    after = Chef.objects.get(pk=chef.pk)
    assert after.version == before.version
    assert after.derived != before.derived


def test_a_booking_is_reviewed_once(ana, chef):
    booking = completed(chef, ana)
    review(booking, ana)
    with pytest.raises(Conflict) as caught:
        review(booking, ana, 1)
    assert caught.value.code == "already_reviewed"
    assert Chef.objects.get(pk=chef.pk).review_count == 1


def test_whoever_has_no_name_is_a_guest_and_no_address(chef):
    nameless = make_user("secret.address@example.test", name="")

    assert review(completed(chef, nameless), nameless).author_name == "Guest"


def test_only_after_completion(ana, chef):
    with pytest.raises(Conflict) as caught:
        review(make_booking(chef, ana), ana)
    assert caught.value.code == "not_completed"


def test_only_by_the_customer(ana, ben, chef):
    with pytest.raises(Forbidden):
        review(completed(chef, ana), ben)
    assert not Review.objects.exists()
