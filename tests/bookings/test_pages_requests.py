"""What a chef's owner sees and decides."""

import pytest

from bookings.models import Booking
from bookings.services.deciding import cancel_booking
from softfactory.kernel import clock
from tests.makers import make_booking, make_chef, make_user, noon_utc

pytestmark = pytest.mark.django_db

REQUESTS = "/coocook/requests"


@pytest.fixture
def booking(ana, chef):
    """Ana's request to Ben's chef, in a week."""
    return make_booking(chef, ana, special_requests="No <peanuts>.")


def address_of(booking, verb):
    return f"/coocook/bookings/{booking.pk}/{verb}"


def test_anonymous_signs_in_first(client):
    answer = client.get(REQUESTS)
    assert answer.headers["Location"] == f"/accounts/login?next={REQUESTS}"


def test_waiting_requests_come_before_what_is_accepted_for_each_chef(browse, ben, chef, ana):
    soon = make_booking(chef, ana, starts_at=noon_utc(3), status="confirmed")
    later = make_booking(chef, ana, starts_at=noon_utc(9))
    late = make_booking(chef, ana, starts_at=noon_utc(8))
    second = make_chef(ben, name="A second chef")
    own = make_booking(second, ana)
    page = browse(ben).get(REQUESTS)
    seen = [
        (work["chef"], [r.booking for r in work["waiting"]], [r.booking for r in work["coming"]])
        for work in page.context["chefs"]
    ]
    assert seen == [(second, [own], []), (chef, [late, later], [soon])]
    assert "3 requests wait for your answer" in page.content.decode()


def test_leaves_out_what_is_over_held_or_somebody_elses(browse, ben, chef, ana):
    make_booking(chef, ana, status="declined")
    make_booking(chef, ana, starts_at=noon_utc(-1), status="completed")
    make_booking(chef, ana, starts_at=noon_utc(4), status="held", expires_at=noon_utc(1))
    make_booking(make_chef(), ana)
    page = browse(ben).get(REQUESTS)
    assert page.context["chefs"][0]["waiting"] == page.context["chefs"][0]["coming"] == []
    assert "Nobody has asked yet" in page.content.decode()


def test_who_has_no_chef_is_told(browse, ana):
    assert "You are no chef here yet" in browse(ana).get(REQUESTS).content.decode()


def test_shows_the_customer_by_name_and_the_words(browse, ben, booking):
    page = browse(ben).get(REQUESTS).content.decode()
    assert "Ana" in page
    assert "ana@example.test" not in page
    assert "No &lt;peanuts&gt;." in page
    assert "₩260,000" in page


@pytest.mark.parametrize("count", [0, 1, 12])
def test_list_takes_four_queries(browse, ben, chef, django_assert_num_queries, count):
    for n in range(count):
        make_booking(chef, make_user(), starts_at=noon_utc(5 + n))
    browser = browse(ben)
    with django_assert_num_queries(4):  # session, user, bookings with parties, chefs
        browser.get(REQUESTS)


@pytest.mark.parametrize(
    ("verb", "status", "word"),
    [("confirm", "confirmed", "Accepted."), ("decline", "declined", "Declined.")],
)
def test_owner_decides(browse, ben, booking, verb, status, word):
    answer = browse(ben).post(address_of(booking, verb), follow=True)
    assert answer.redirect_chain == [(REQUESTS, 302)]
    assert word in answer.content.decode()
    assert Booking.objects.get().status == status


def test_declining_asks_first(browse, ben, booking):
    page = browse(ben).get(address_of(booking, "decline")).content.decode()
    assert "Decline this request?" in page
    assert Booking.objects.get().status == "pending"


def test_customer_can_not_decline(browse, ana, booking):
    assert browse(ana).get(address_of(booking, "decline")).status_code == 404
    assert browse(ana).post(address_of(booking, "decline")).status_code == 404
    assert Booking.objects.get().status == "pending"


@pytest.mark.parametrize("verb", ["confirm", "complete"])
def test_looking_at_the_address_of_a_decision_decides_nothing(browse, ben, booking, verb):
    answer = browse(ben).get(address_of(booking, verb))
    assert answer.headers["Location"] == f"/coocook/bookings/{booking.pk}"
    assert Booking.objects.get().status == "pending"


@pytest.mark.parametrize("verb", ["confirm", "decline"])
def test_decision_that_comes_too_late_is_refused_and_the_list_is_fresh(
    browse, ana, ben, booking, verb
):
    cancel_booking(booking=booking, by=ana, now=clock.now())
    answer = browse(ben).post(address_of(booking, verb))
    assert answer.status_code == 409
    assert "the booking is now “Cancelled”" in answer.content.decode()
    assert answer.context["waiting"] == 0
    assert Booking.objects.get().status == "cancelled"
    page = browse(ben).get(address_of(booking, "decline")).content.decode()
    assert "does not wait for an answer any more" in page


def test_owner_completes_a_visit_once_it_is_over(browse, ben, ana, chef):
    booking = make_booking(chef, ana, starts_at=noon_utc(-1), status="confirmed")
    assert "Mark as done" in browse(ben).get(f"/coocook/bookings/{booking.pk}").content.decode()
    assert browse(ben).post(address_of(booking, "complete")).status_code == 302
    assert Booking.objects.get().status == "completed"


def test_visit_that_is_not_over_can_not_be_completed(browse, ben, ana, chef):
    booking = make_booking(chef, ana, status="confirmed")
    answer = browse(ben).post(address_of(booking, "complete"))
    assert answer.status_code == 422
    assert "This booking is not over yet" in answer.content.decode()
    assert Booking.objects.get().status == "confirmed"
