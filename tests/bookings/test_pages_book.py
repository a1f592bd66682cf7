"""The form that books: what it shows, what it refuses, and what it never does twice."""

from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
from django.test import Client

from bookings.models import Booking, Chef
from tests.makers import make_booking, make_chef, noon_utc

pytestmark = pytest.mark.django_db


def form_of(**overrides):
    """What the form sends for two hours and two guests at noon in a week."""
    noon = noon_utc()
    values = {
        "starts_at": f"{noon:%Y-%m-%dT%H:%M}Z",
        "date": noon.date().isoformat(),
        "duration_hours": "2",
        "guests": "2",
        "special_requests": "No peanuts.",
        "price_seen": "260000",
    }
    sent = values | overrides
    return {name: value for name, value in sent.items() if value is not None}


def address_of(chef):
    return f"/coocook/chefs/{chef.pk}/book"


@pytest.fixture
def asks(browse, ana, chef):
    """`asks(guests="3")` sends the form as Ana and returns the answer."""
    browser = browse(ana)
    return lambda **overrides: browser.post(address_of(chef), form_of(**overrides))


def test_signing_in_comes_first_and_leads_back_with_everything(client, chef):
    address = f"{address_of(chef)}?starts_at=2027-03-28T09%3A00Z&guests=5"
    answer = client.get(address)
    assert answer.status_code == 302
    target = urlsplit(answer.headers["Location"])
    assert target.path == "/accounts/login"
    assert parse_qs(target.query)["next"] == [address]


def test_form_sent_after_the_session_ended_waits_for_its_sender(client, ana, chef):
    answer = client.post(address_of(chef), form_of(special_requests="Kept words"))
    assert answer.status_code == 302
    assert not Booking.objects.exists()
    client.force_login(ana)
    page = client.get(address_of(chef)).content.decode()
    assert "Kept words" in page
    assert f'value="{form_of()["starts_at"]}"' in page
    assert not Booking.objects.exists()


def test_shows_the_chosen_time_and_the_price_line_by_line(browse, ana, chef):
    query = form_of(duration_hours="3", guests="4")
    page = browse(ana).get(address_of(chef), query)
    assert page.context["price"].total.amount == 100_000 + 3 * 50_000 + 4 * 30_000
    assert page.context["selected"] == query["starts_at"]
    text = page.content.decode()
    for amount in ("₩100,000", "₩150,000", "₩120,000", "₩370,000"):
        assert amount in text
    assert "12:00" in text
    assert "no-store" in page.headers["Cache-Control"]


def test_without_a_time_it_asks_for_one_and_complains_about_nothing(browse, ana, chef):
    page = browse(ana).get(address_of(chef))
    assert not page.context["form"].errors
    assert "Choose a time" in page.content.decode()


def test_time_that_is_gone_is_said_at_once(browse, ana, chef):
    make_booking(chef, starts_at=noon_utc())
    page = browse(ana).get(address_of(chef), form_of())
    assert page.context["form"].errors["starts_at"] == [
        "This time is not free. Choose another one."
    ]
    assert page.context["times"]
    assert page.context["selected"] == ""


def test_books_and_shows_the_booking(asks, ana, chef):
    answer = asks()
    booking = Booking.objects.get()
    assert answer.status_code == 302
    assert answer.headers["Location"] == f"/coocook/bookings/{booking.pk}"
    assert (booking.customer, booking.chef, booking.status) == (ana, chef, "pending")
    assert (booking.starts_at, booking.duration_hours, booking.guests) == (noon_utc(), 2, 2)
    assert booking.special_requests == "No peanuts."
    assert booking.total_price.amount == 260_000


def test_instant_booking_is_confirmed(asks, chef):
    Chef.objects.update(instant_booking=True)
    asks()
    assert Booking.objects.get().status == "confirmed"


def test_another_language_leads_to_its_own_page(browse, ana, chef):
    answer = browse(ana).post(f"/ko{address_of(chef)}", form_of())
    assert answer.headers["Location"].startswith("/ko/coocook/bookings/")


def test_second_post_of_the_same_form_leads_to_the_same_booking(asks):
    first, second = asks(), asks()
    assert Booking.objects.count() == 1
    assert second.headers["Location"] == first.headers["Location"]


def test_same_time_with_other_wishes_is_no_second_post(asks):
    asks()
    assert asks(guests="3", price_seen="290000").status_code == 409
    assert Booking.objects.get().guests == 2


def test_taken_time_is_refused_with_other_times_and_nothing_typed_is_lost(asks, chef):
    make_booking(chef, starts_at=noon_utc())
    answer = asks(special_requests="Still <here>")
    assert answer.status_code == 409
    assert Booking.objects.count() == 1
    page = answer.content.decode()
    assert "Somebody else has this time. Choose another one." in page
    assert "Still &lt;here&gt;" in page
    assert [time["value"][11:16] for time in answer.context["times"]][:2] == ["00:00", "00:30"]


@pytest.mark.parametrize(
    ("sent", "status", "field"),
    [
        ({"starts_at": None}, 400, "starts_at"),
        ({"starts_at": "noon"}, 400, "starts_at"),
        ({"starts_at": "2020-01-01T03:00Z", "date": "2020-01-01"}, 422, "starts_at"),
        ({"starts_at": "2999-01-01T03:00Z", "date": None}, 422, "starts_at"),
        ({"starts_at": "9999-12-31T23:00Z", "date": None}, 400, "starts_at"),
        ({"starts_at": "0001-01-01T00:00+14:00", "date": None}, 400, "starts_at"),
        ({"guests": "0"}, 400, "guests"),
        ({"guests": "21", "price_seen": None}, 400, "guests"),
        ({"guests": "two"}, 400, "guests"),
        ({"duration_hours": "0"}, 400, "duration_hours"),
        ({"duration_hours": "25"}, 400, "duration_hours"),
        ({"special_requests": "x" * 2001}, 400, "special_requests"),
        ({"special_requests": "nul\x00"}, 400, "special_requests"),
    ],
)
def test_refuses_on_the_field_and_books_nothing(asks, sent, status, field):
    answer = asks(**sent)
    assert answer.status_code == status
    assert list(answer.context["form"].errors) == [field]
    assert not Booking.objects.exists()


def test_cursor_goes_to_the_first_error(asks):
    page = asks(guests="0", special_requests="x" * 2001).content.decode()
    assert page.count("autofocus") == 1
    assert (
        "autofocus" in page[page.index('id="id_guests"') - 200 : page.index('id="id_guests"') + 300]
    )


def test_time_of_another_day_than_the_one_shown_is_not_booked(asks):
    other = noon_utc() + timedelta(days=1)
    answer = asks(date=other.date().isoformat())
    assert answer.status_code == 400
    assert "starts_at" in answer.context["form"].errors
    assert answer.context["timetable"].chosen == other.date()
    assert not Booking.objects.exists()


def test_nobody_books_at_a_price_that_was_not_shown(asks):
    Chef.objects.update(hourly_rate_amount=60_000)
    answer = asks()
    assert answer.status_code == 409
    assert "This visit costs ₩280,000" in answer.content.decode()
    assert not Booking.objects.exists()
    assert asks(price_seen="280000").status_code == 302


def test_showing_prices_books_nothing_and_keeps_what_was_typed(asks):
    answer = asks(show="1", guests="6", special_requests="Kept")
    assert answer.status_code == 200
    assert not Booking.objects.exists()
    assert answer.context["price"].total.amount == 100_000 + 2 * 50_000 + 6 * 30_000
    assert 'value="380000"' in answer.content.decode()
    assert "Kept" in answer.content.decode()


def test_looking_at_other_weeks_books_nothing(asks):
    later = noon_utc(21).date()
    answer = asks(look=later.isoformat())
    assert answer.context["timetable"].chosen == later
    assert not answer.context["form"].errors
    assert not Booking.objects.exists()


def test_chef_who_takes_no_bookings_is_not_found(browse, ana, chef):
    Chef.objects.update(is_active=False)
    assert browse(ana).get(address_of(chef)).status_code == 404
    assert browse(ana).post(address_of(chef), form_of()).status_code == 404


def test_form_without_its_token_is_refused(ana, chef):
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(ana)
    assert browser.post(address_of(chef), form_of()).status_code == 403
    assert not Booking.objects.exists()


@pytest.mark.parametrize("taken", [0, 5])
def test_form_takes_five_queries(browse, ana, django_assert_num_queries, taken):
    chef = make_chef()
    for n in range(taken):
        make_booking(chef, starts_at=noon_utc(8 + n))
    browser = browse(ana)
    with django_assert_num_queries(5):  # session, user, chef, menus, taken times
        browser.get(address_of(chef), form_of())
