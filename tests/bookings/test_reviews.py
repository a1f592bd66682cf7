"""Reviews: who may write one, when others read it, and what it does to the rating."""

from datetime import timedelta

import pytest

from bookings import invariants
from bookings.models import Chef, GuestReview, Review
from bookings.services.reviews import BLIND_FOR, answer_review, publish_reviews, write_review
from softfactory.kernel import clock
from softfactory.kernel.problems import Conflict, Forbidden
from tests.makers import make_booking, make_user, noon_utc

pytestmark = pytest.mark.django_db


def completed(chef, customer, days=-7):
    booking = make_booking(chef, customer, starts_at=noon_utc(days), status="completed")
    type(booking).objects.filter(pk=booking.pk).update(decided_at=clock.now())
    return booking


def review(booking, author, rating=5, text="Worth the wait.", now=None):
    now = now or clock.now()
    return write_review(booking=booking, author=author, rating=rating, text=text, now=now)


def in_public(booking, customer, rating):
    """Both sides write."""
    review(booking, booking.chef.owner)
    return review(booking, customer, rating)


@pytest.mark.parametrize(
    ("ratings", "hundredths"), [([5], 500), ([5, 4], 450), ([5, 5, 4], 467), ([1, 1, 2], 133)]
)
def test_the_rating_follows_to_the_hundredth(ana, chef, ratings, hundredths):
    for days, rating in enumerate(ratings):
        in_public(completed(chef, ana, -days - 1), ana, rating)
    reviewed = Chef.objects.get(pk=chef.pk)
    assert reviewed.rating_hundredths == hundredths
    assert (reviewed.review_count, reviewed.rating_sum) == (len(ratings), sum(ratings))
    assert reviewed.rating_counts == {n: ratings.count(n) for n in (5, 4, 3, 2, 1)}
    assert invariants.count_wrong_ratings() == 0


def test_a_review_is_no_edit_of_the_chef(ana, chef):
    before = Chef.objects.get(pk=chef.pk)
    in_public(completed(chef, ana), ana, 5)
    after = Chef.objects.get(pk=chef.pk)
    assert after.version == before.version
    assert after.derived != before.derived


@pytest.mark.parametrize("first", ["ana", "ben"])
def test_neither_is_published_before_both_are_written(ana, ben, chef, first):
    booking = completed(chef, ana)
    one, other = (ana, ben) if first == "ana" else (ben, ana)

    assert review(booking, one).published_at is None
    assert Chef.objects.get(pk=chef.pk).review_count == 0

    assert review(booking, other).published_at
    assert Review.objects.get().published_at
    assert GuestReview.objects.get().published_at
    assert Chef.objects.get(pk=chef.pk).review_count == 1
    assert invariants.count_wrong_ratings() == 0


def test_one_that_waits_is_published_after_two_weeks_and_counted_once(ana, chef):
    booking = completed(chef, ana)
    review(booking, ana, 3)
    soon, then = (clock.now() + BLIND_FOR + timedelta(minutes=n) for n in (-1, 1))

    assert publish_reviews(soon) == 0
    assert publish_reviews(then) == 1
    assert publish_reviews(then) == 0
    assert Chef.objects.get(pk=chef.pk).rating_counts[3] == 1
    assert invariants.count_wrong_ratings() == 0


def test_who_writes_after_two_weeks_waits_for_nobody(ana, chef):
    later = clock.now() + BLIND_FOR + timedelta(days=1)

    assert review(completed(chef, ana), ana, now=later).published_at == later


def test_nobody_answers_stars_with_stars(ana, ben, chef):
    booking = completed(chef, ana)
    review(booking, ana, 1)
    publish_reviews(clock.now() + BLIND_FOR)

    with pytest.raises(Conflict) as caught:
        review(booking, ben, 1)
    assert caught.value.code == "too_late_to_review"


@pytest.mark.parametrize("author", ["ana", "ben"])
def test_each_side_writes_once(request, ana, chef, author):
    booking, author = completed(chef, ana), request.getfixturevalue(author)
    review(booking, author)
    with pytest.raises(Conflict) as caught:
        review(booking, author, 1)
    assert caught.value.code == "already_reviewed"


def test_whoever_has_no_name_is_a_guest_and_no_address(chef):
    nameless = make_user("secret.address@example.test", name="")

    assert review(completed(chef, nameless), nameless).author_name == "Guest"


@pytest.mark.parametrize("author", ["ana", "ben"])
def test_only_after_completion(request, ana, chef, author):
    with pytest.raises(Conflict) as caught:
        review(make_booking(chef, ana), request.getfixturevalue(author))
    assert caught.value.code == "not_completed"


def test_only_by_the_two_sides(ana, cho, chef):
    with pytest.raises(Forbidden):
        review(completed(chef, ana), cho)
    assert not Review.objects.exists()


def answer(booking, by, text="Thank you."):
    return answer_review(booking=booking, by=by, text=text, now=clock.now())


def test_the_chef_answers_once_what_can_be_read(ana, ben, chef):
    booking = completed(chef, ana)
    review(booking, ana)
    with pytest.raises(Conflict) as caught:
        answer(booking, ben)
    assert caught.value.code == "no_review"

    review(booking, ben)
    assert answer(booking, ben).answer == "Thank you."

    with pytest.raises(Conflict) as caught:
        answer(booking, ben, "Or not.")
    assert caught.value.code == "already_answered"
    with pytest.raises(Forbidden):
        answer(booking, ana)
    assert Review.objects.get().answer == "Thank you."
