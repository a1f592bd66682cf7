"""One's bookings: the list, the page of one, and cancelling it."""

from datetime import timedelta

import pytest

from bookings.models import Booking, Occupancy
from softfactory.kernel import clock
from tests.makers import make_booking, make_chef, noon_utc

pytestmark = pytest.mark.django_db

LIST = "/coocook/bookings"


@pytest.fixture
def booking(ana, chef):
    """Ana's request to Ben's chef, in a week."""
    return make_booking(chef, ana, special_requests="No <peanuts>.")


def names(page):
    return [row.booking.chef.name for row in page.context["rows"]]


@pytest.mark.parametrize("path", ["", "/1", "/1/cancel", "/1/decline", "/1/confirm", "/1/complete"])
def test_anonymous_signs_in_first(client, path):
    answer = client.get(LIST + path)
    assert answer.status_code == 302
    assert answer.headers["Location"] == f"/accounts/login?next={LIST}{path}"


def test_lists_what_comes_soonest_first_and_nobody_elses(browse, ana, cho):
    make_booking(make_chef(name="Later"), ana, starts_at=noon_utc(9))
    make_booking(make_chef(name="Sooner"), ana, starts_at=noon_utc(8))
    make_booking(make_chef(name="Declined"), ana, status="declined")
    make_booking(make_chef(name="Over"), ana, starts_at=noon_utc(-2), status="confirmed")
    make_booking(make_chef(name="Other's"), cho)
    assert names(browse(ana).get(LIST)) == ["Sooner", "Later"]


def test_lists_what_was_latest_first(browse, ana):
    make_booking(make_chef(name="Coming"), ana)
    make_booking(make_chef(name="Older"), ana, starts_at=noon_utc(-9), status="completed")
    make_booking(make_chef(name="Newer"), ana, starts_at=noon_utc(-3), status="cancelled")
    lapsed = {"status": "held", "expires_at": clock.now() - timedelta(minutes=1)}
    make_booking(make_chef(name="Lapsed"), ana, **lapsed)
    page = browse(ana).get(LIST, {"show": "past"})
    assert names(page) == ["Lapsed", "Newer", "Older"]
    assert [row.label for row in page.context["rows"]] == ["Expired", "Cancelled", "Completed"]


@pytest.mark.parametrize(
    ("query", "words"), [({}, "No visit planned"), ({"show": "past"}, "Nothing here yet")]
)
def test_empty_list_says_what_to_do(browse, ana, query, words):
    page = browse(ana).get(LIST, query).content.decode()
    assert words in page
    assert "/coocook/explore" in page


def test_list_has_pages(browse, ana):
    chef = make_chef()
    for n in range(22):
        make_booking(chef, ana, starts_at=noon_utc(-3 - n), status="completed")
    first = browse(ana).get(LIST, {"show": "past"}).context["page"]
    assert len(first.rows) == 20
    assert first.next == f"{LIST}?show=past&page=2"
    assert len(browse(ana).get(first.next).context["rows"]) == 2
    assert browse(ana).get(LIST, {"show": "past", "page": "3"}).status_code == 404


@pytest.mark.parametrize("count", [0, 1, 12])
def test_list_takes_three_queries(browse, ana, django_assert_num_queries, count):
    for n in range(count):
        make_booking(make_chef(), ana, starts_at=noon_utc(5 + n))
    browser = browse(ana)
    with django_assert_num_queries(3):  # session, user, bookings
        browser.get(LIST)


def test_customer_sees_the_booking(browse, ana, booking):
    page = browse(ana).get(f"{LIST}/{booking.pk}")
    text = page.content.decode()
    for words in (
        booking.chef.name,
        "Waiting for the chef",
        "No &lt;peanuts&gt;.",
        "2 hours, 2 guests",
        "₩260,000",
        "12:00",
        f"{LIST}/{booking.pk}/cancel",
    ):
        assert words in text
    assert f"{LIST}/{booking.pk}/confirm" not in text
    assert "no-store" in page.headers["Cache-Control"]


def test_owner_sees_the_booking_and_can_answer(browse, ben, booking):
    text = browse(ben).get(f"{LIST}/{booking.pk}").content.decode()
    assert "Ana" in text
    assert "ana@example.test" not in text
    assert f"{LIST}/{booking.pk}/confirm" in text
    assert f"{LIST}/{booking.pk}/decline" in text


@pytest.mark.parametrize("path", ["", "/cancel", "/decline", "/confirm", "/complete"])
def test_for_strangers_there_is_no_such_booking(browse, cho, booking, path):
    assert browse(cho).get(f"{LIST}/{booking.pk}{path}").status_code == 404
    assert browse(cho).post(f"{LIST}/{booking.pk}{path}").status_code in {404, 405}
    assert browse(cho).get(f"{LIST}/{booking.pk + 1}{path}").status_code == 404
    assert Booking.objects.get().status == "pending"


def test_booking_takes_four_queries(browse, ana, booking, django_assert_num_queries):
    browser = browse(ana)
    with django_assert_num_queries(4):  # session, user, booking with parties, messages
        browser.get(f"{LIST}/{booking.pk}")


@pytest.mark.parametrize(
    ("status", "states"),
    [
        ("held", ["current", "todo", "todo"]),
        ("pending", ["done", "current", "todo"]),
        ("confirmed", ["done", "done", "current"]),
        ("completed", ["done", "done", "done"]),
        ("declined", ["done", "stopped"]),
        ("cancelled", ["done", "stopped"]),
        ("expired", ["done", "stopped"]),
        ("no_show", ["done", "done", "stopped"]),
    ],
)
def test_every_state_has_its_timeline_for_both(browse, ana, ben, chef, status, states):
    expires_at = clock.now() + timedelta(minutes=5) if status == "held" else None
    booking = make_booking(chef, ana, status=status, expires_at=expires_at)
    for viewer in (ana, ben):
        page = browse(viewer).get(f"{LIST}/{booking.pk}")
        assert [entry["state"] for entry in page.context["progress"].timeline] == states


def test_hold_can_be_taken_up_by_its_customer(browse, ana, chef):
    booking = make_booking(chef, ana, status="held", expires_at=clock.now() + timedelta(minutes=5))
    browser = browse(ana)
    assert "data-countdown" in browser.get(f"{LIST}/{booking.pk}").content.decode()
    answer = browser.post(f"{LIST}/{booking.pk}/confirm")
    assert answer.headers["Location"] == f"{LIST}/{booking.pk}"
    assert Booking.objects.get().status == "pending"


def test_lapsed_hold_is_refused_on_the_page(browse, ana, chef):
    booking = make_booking(chef, ana, status="held", expires_at=clock.now() - timedelta(minutes=1))
    answer = browse(ana).post(f"{LIST}/{booking.pk}/confirm")
    assert answer.status_code == 409
    assert "The time was held for you until a moment ago" in answer.content.decode()
    assert Booking.objects.get().status == "held"


def test_customer_confirms_no_request(browse, ana, booking):
    assert browse(ana).post(f"{LIST}/{booking.pk}/confirm").status_code == 404
    assert Booking.objects.get().status == "pending"


@pytest.mark.parametrize("who", ["ana", "ben"])
def test_cancelling_asks_first(browse, booking, request, who):
    browser = browse(request.getfixturevalue(who))
    assert "Cancel this booking?" in browser.get(f"{LIST}/{booking.pk}/cancel").content.decode()
    assert Booking.objects.get().status == "pending"
    answer = browser.post(f"{LIST}/{booking.pk}/cancel", follow=True)
    assert answer.redirect_chain == [(f"{LIST}/{booking.pk}", 302)]
    assert "Cancelled. The time is free again." in answer.content.decode()
    assert Booking.objects.get().status == "cancelled"
    assert not Occupancy.objects.exists()


def test_cancelling_twice_is_refused_on_the_page(browse, ana, booking):
    browser = browse(ana)
    browser.post(f"{LIST}/{booking.pk}/cancel")
    answer = browser.post(f"{LIST}/{booking.pk}/cancel")
    assert answer.status_code == 409
    assert "the booking is now “Cancelled”" in answer.content.decode()
    page = browser.get(f"{LIST}/{booking.pk}/cancel").content.decode()
    assert "There is nothing to cancel any more." in page
    assert '<form method="post" class' not in page


def test_what_has_begun_can_not_be_cancelled(browse, ana, chef):
    booking = make_booking(chef, ana, starts_at=noon_utc(-1), status="confirmed")
    assert browse(ana).post(f"{LIST}/{booking.pk}/cancel").status_code == 409
    assert Booking.objects.get().status == "confirmed"
