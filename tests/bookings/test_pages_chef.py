"""A chef's page: facts, reviews, free times for the visit that the address describes."""

from datetime import timedelta

import pytest
from django.utils.html import escape

from bookings.models import Chef
from bookings.services.chefs import edit_chef
from bookings.services.deciding import cancel_booking
from bookings.services.requesting import BookingRequest, request_booking
from bookings.services.reviews import write_review
from softfactory.kernel import clock
from softfactory.kernel.db import generations
from tests.makers import make_booking, make_chef, make_review, noon_utc

pytestmark = pytest.mark.django_db


def page_of(chef, client, **query):
    return client.get(f"/coocook/chefs/{chef.pk}", query)


def times_on(page):
    """The times of the chosen day, as `09:00`."""
    return [slot.local.strftime("%H:%M") for slot in page.context["timetable"].slots]


def test_shows_who_it_is_what_it_costs_and_the_rules(client):
    chef = make_chef(name="Ada <b>", max_guests=8, minimum_notice_minutes=1440, horizon_days=30)
    page = page_of(chef, client).content.decode()
    for text in (
        "Ada <b>",
        "Cooks what the market had this morning.",
        "₩100,000",
        "₩50,000",
        "₩30,000",
        "For up to 8 guests.",
        "Book at least 24 hours and at most 30 days ahead.",
        "Cooks in Seoul. All times are Korean Time.",
    ):
        assert escape(text) in page
    assert "Ada <b>" not in page


def test_shows_reviews_with_their_distribution(client):
    chef = make_chef()
    for rating in (5, 5, 3):
        make_review(chef, rating=rating, text=f"It was {rating} stars.")
    page = page_of(chef, client)
    assert page.context["rating_rows"] == [(5, 2), (4, 0), (3, 1), (2, 0), (1, 0)]
    assert "It was 3 stars." in page.content.decode()
    assert page.context["more"] is None


def test_more_reviews_have_pages_of_their_own(client):
    chef = make_chef()
    for n in range(8):
        make_review(chef, text=f"Review {n}.")
    first = page_of(chef, client)
    assert "Review 7." in first.content.decode()
    assert "Review 1." not in first.content.decode()
    second = client.get(first.context["more"])
    assert "Review 1." in second.content.decode()
    assert "Review 7." not in second.content.decode()
    assert second.context["page"].previous == f"/coocook/chefs/{chef.pk}/reviews"
    assert client.get(f"/coocook/chefs/{chef.pk}/reviews?page=3").status_code == 404


def test_offers_exactly_the_free_times_of_a_day(client):
    chef = make_chef(hours=((9, 15),), slot_step_minutes=60)
    noon = noon_utc()
    make_booking(chef, starts_at=noon, duration_hours=2)
    page = page_of(chef, client, date=noon.date().isoformat(), duration_hours="2")
    assert times_on(page) == ["09:00", "10:00"]


def test_shorter_visits_have_more_times(client):
    chef = make_chef(hours=((9, 13),), slot_step_minutes=60)
    day = noon_utc().date().isoformat()
    assert times_on(page_of(chef, client, date=day, duration_hours="2")) == [
        "09:00",
        "10:00",
        "11:00",
    ]
    assert times_on(page_of(chef, client, date=day, duration_hours="4")) == ["09:00"]


def test_a_time_leads_to_the_form_with_the_whole_visit(client):
    chef = make_chef(hours=((12, 15),), slot_step_minutes=60)
    noon = noon_utc()
    page = page_of(
        chef, client, date=noon.date().isoformat(), duration_hours="3", guests="5"
    ).content.decode()
    query = f"starts_at={noon:%Y-%m-%d}T03%3A00Z&amp;duration_hours=3&amp;guests=5"
    assert f'href="/coocook/chefs/{chef.pk}/book?{query}"' in page


def test_price_is_that_of_the_visit(client):
    page = page_of(make_chef(), client, duration_hours="3", guests="4")
    assert page.context["price"].total.amount == 100_000 + 3 * 50_000 + 4 * 30_000
    assert "3 hours, 4 guests" in page.content.decode()


def test_opens_on_the_first_free_day(client):
    chef = make_chef(minimum_notice_minutes=3 * 1440, hours=((9, 12),))
    timetable = page_of(chef, client).context["timetable"]
    assert timetable.chosen == min(timetable.free)
    assert timetable.slots


def test_a_day_within_the_notice_is_too_soon_and_not_full(client, ana):
    chef = make_chef(minimum_notice_minutes=3 * 1440, hours=((12, 14),))
    noon = noon_utc(days=5)
    request = BookingRequest(chef_id=chef.pk, starts_at=noon, duration_hours=2)
    request_booking(customer=ana, request=request, now=clock.now())
    days = {day["date"]: day for day in page_of(chef, client).context["days"]()}
    early, booked = days[clock.now().date() + timedelta(days=1)], days[noon.date()]
    assert (early["free"], early["too_soon"]) == (0, True)
    assert (booked["free"], booked["too_soon"]) == (0, False)
    page = page_of(chef, client, date=early["date"].isoformat()).content.decode()
    assert "This day is too soon for the chef to prepare. Choose a later one." in page


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ({"duration_hours": "9"}, "duration_hours"),
        ({"guests": "0"}, "guests"),
        ({"guests": "21"}, "guests"),
        ({"date": "never"}, "date"),
    ],
)
def test_invalid_visit_is_said_and_the_usual_one_shown(client, query, field):
    page = page_of(make_chef(), client, **query)
    assert page.status_code == 200
    assert field in page.context["form"].errors
    assert page.context["timetable"].slots


@pytest.mark.parametrize("day", ["1999-01-01", "9999-12-31"])
def test_a_day_out_of_reach_shows_the_nearest_one(client, day):
    page = page_of(make_chef(horizon_days=30), client, date=day)
    timetable = page.context["timetable"]
    today = clock.now().date()
    assert abs((timetable.chosen - today).days) <= 31


def test_later_and_earlier_lead_through_the_horizon(client):
    chef = make_chef(horizon_days=20)
    first = page_of(chef, client, guests="3")
    assert first.context["earlier"] is None
    assert "guests=3" in first.context["later"]
    second = client.get(first.context["later"])
    assert second.context["later"] is None
    assert second.context["earlier"] is not None


def test_nothing_free_says_what_to_do(client):
    chef = make_chef(hours=())
    assert "Nothing is free in these two weeks" in page_of(chef, client).content.decode()


@pytest.mark.parametrize("path", ["", "/reviews"])
def test_inactive_and_unknown_chefs_are_not_found(client, path):
    chef = make_chef(is_active=False)
    assert client.get(f"/coocook/chefs/{chef.pk}{path}").status_code == 404
    assert client.get(f"/coocook/chefs/{chef.pk + 1}{path}").status_code == 404
    assert client.get(f"/coocook/chefs/{10**30}{path}").status_code == 404


@pytest.mark.django_db(transaction=True)
def test_is_the_same_for_everybody_and_says_so(client, browse, ben, chef):
    mine = browse(ben).get(f"/coocook/chefs/{chef.pk}")
    assert mine.content == page_of(chef, client).content
    assert "public" in mine.headers["Cache-Control"]
    assert "Set-Cookie" not in mine.headers
    assert "csrfmiddlewaretoken" not in mine.content.decode()


def test_korean_page_writes_dates_and_zone_in_korean(client):
    page = client.get(f"/ko/coocook/chefs/{make_chef().pk}").content.decode()
    assert "대한민국 시간" in page
    assert "요일" in page


@pytest.mark.parametrize("reviews", [0, 8])
@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("still")
def test_takes_six_queries_cold_one_after_a_booking_and_none_warm(
    client, django_assert_num_queries, reviews
):
    chef = make_chef()
    for _n in range(reviews):
        make_review(chef)
    generations.move_now(f"chefs:{chef.pk}")  # as all that is written of one chef does
    address = f"/coocook/chefs/{chef.pk}?guests=3"
    for queries in (6, 0):
        with django_assert_num_queries(queries):
            client.get(address)
    generations.move_now("calendar")
    with django_assert_num_queries(1):
        client.get(address)


@pytest.mark.django_db(transaction=True)
def test_a_booking_takes_its_time_off_the_page_at_once(client, ana):
    chef = make_chef(hours=((12, 14),))
    noon = noon_utc()
    address = f"/coocook/chefs/{chef.pk}?date={noon:%Y-%m-%d}"
    assert "Nothing is free on this day" not in client.get(address).content.decode()
    wanted = BookingRequest(chef_id=chef.pk, starts_at=noon, duration_hours=2)
    booking = request_booking(customer=ana, request=wanted, now=clock.now())
    assert "Nothing is free on this day" in client.get(address).content.decode()
    cancel_booking(booking=booking, by=ana, now=clock.now())
    assert "Nothing is free on this day" not in client.get(address).content.decode()


@pytest.mark.django_db(transaction=True)
def test_a_new_price_is_on_the_page_at_once(client):
    chef = make_chef()
    client.get(f"/coocook/chefs/{chef.pk}")
    Chef.objects.filter(pk=chef.pk).update(hourly_rate_amount=77_000)
    assert "₩77,000" in client.get(f"/coocook/chefs/{chef.pk}").content.decode()


@pytest.mark.django_db(transaction=True)
def test_unchanged_page_is_not_sent_again(client):
    chef = make_chef()
    etag = page_of(chef, client).headers["ETag"]
    again = client.get(f"/coocook/chefs/{chef.pk}", headers={"If-None-Match": etag})
    assert again.status_code == 304


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("still")
@pytest.mark.parametrize("page", ["/coocook", "/api/coocook"])
@pytest.mark.parametrize("part", ["", "/reviews"])
def test_what_is_written_of_another_chef_leaves_this_one_kept(client, ana, page, part):
    chef, other = make_chef(), make_chef()
    address = f"{page}/chefs/{chef.pk}{part}"

    def written_of(one):
        visit = make_booking(one, ana, status="completed", starts_at=noon_utc(-3))
        write_review(booking=visit, author=ana, rating=4, text="Fine.", now=clock.now())
        edit_chef(chef=one, versions=None, changes={"bio": "New."})
        return client.get(address).headers["ETag"]

    etag = client.get(address).headers["ETag"]
    assert written_of(other) == etag
    assert written_of(chef) != etag
