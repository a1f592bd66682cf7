"""Where a visit is, on pages: the times that are shown there can be booked there."""

from datetime import timedelta

import pytest

from bookings.models import Booking
from tests.bookings.test_pages_book import form_of
from tests.bookings.test_travel import BUSAN, INCHEON, SEOUL
from tests.makers import make_booking, make_chef, noon_utc

pytestmark = pytest.mark.django_db

NEAR = {"latitude": str(INCHEON.latitude), "longitude": str(INCHEON.longitude)}
FAR = {"latitude": str(BUSAN.latitude), "longitude": str(BUSAN.longitude)}


@pytest.fixture
def chef(ben):
    """Ben's chef in Seoul, an hour from Incheon, who has a visit at noon."""
    chef = make_chef(
        ben,
        base_latitude=SEOUL.latitude,
        base_longitude=SEOUL.longitude,
        travel_kmh=30,
        travel_most_km=100,
    )
    make_booking(chef)
    return chef


def times_on(page):
    return [time["value"][11:16] for time in (page.context["times"] or [])]


def looked_at(browser, chef, **query):
    """The booking form for the day of that visit."""
    day = noon_utc().date().isoformat()
    return browser.get(f"/coocook/chefs/{chef.pk}/book", {"date": day, **query})


def test_times_on_the_form_count_the_way(browse, ana, chef):
    browser = browse(ana)
    assert "05:00" in times_on(looked_at(browser, chef))
    away = times_on(looked_at(browser, chef, **NEAR))
    assert "05:00" not in away
    assert "06:00" in away


def test_times_on_the_chefs_page_count_it_too_and_lead_to_the_form_with_it(client, chef):
    query = {"date": noon_utc().date().isoformat(), **NEAR}
    page = client.get(f"/coocook/chefs/{chef.pk}", query)
    times = list(page.context["times"]())
    assert "05:00" not in [time["value"][11:16] for time in times]
    assert all("latitude=37.4563&longitude=126.7052" in time["href"] for time in times)
    assert "Use my location" in page.content.decode()


def test_what_is_shown_there_is_booked_there(browse, ana, chef):
    browser, starts_at = browse(ana), noon_utc() + timedelta(hours=3)
    sent = form_of(starts_at=f"{starts_at:%Y-%m-%dT%H:%M}Z", **NEAR)
    assert browser.post(f"/coocook/chefs/{chef.pk}/book", sent).status_code == 302
    booking = Booking.objects.get(customer=ana)
    assert (booking.place, booking.travel_minutes) == (INCHEON, 60)
    hour_before = starts_at - timedelta(hours=1)
    sent = form_of(starts_at=f"{hour_before:%Y-%m-%dT%H:%M}Z", **NEAR)
    refused = browser.post(f"/coocook/chefs/{chef.pk}/book", sent)
    assert refused.status_code == 409


@pytest.mark.parametrize("where", [FAR, {"address": "Haeundae, Busan"}])
def test_too_far_has_no_times_and_says_so(browse, ana, chef, where):
    page = looked_at(browse(ana), chef, **where)
    assert times_on(page) == []
    assert "does not travel that far" in page.content.decode()


def test_too_far_on_the_chefs_page(client, chef):
    page = client.get(f"/coocook/chefs/{chef.pk}", FAR).content.decode()
    assert "does not travel that far" in page


def test_an_address_that_names_a_place_counts(browse, ana, ben):
    chef = make_chef(
        ben, base_latitude=SEOUL.latitude, base_longitude=SEOUL.longitude, travel_kmh=200
    )
    make_booking(chef)
    away = times_on(looked_at(browse(ana), chef, address="1 Beach Road, Busan"))
    assert "06:00" not in away
    assert "07:00" in away


@pytest.mark.parametrize(
    "wrong",
    [
        {"latitude": "1"},
        {"latitude": "nan", "longitude": "1"},
        {"latitude": "91", "longitude": "1"},
    ],
)
def test_half_a_place_and_none_on_earth_are_said(client, browse, ana, chef, wrong):
    answer = browse(ana).post(f"/coocook/chefs/{chef.pk}/book", form_of(**wrong))
    assert answer.status_code == 400
    assert answer.context["form"].errors.keys() & {"latitude", "longitude"}
    assert client.get(f"/coocook/chefs/{chef.pk}", wrong).status_code == 200


def test_whose_chef_counts_no_way_is_not_asked(client, browse, ana):
    chef = make_chef()
    for page in (client.get(f"/coocook/chefs/{chef.pk}", NEAR), looked_at(browse(ana), chef)):
        assert "Use my location" not in page.content.decode()


def test_a_booking_is_moved_to_times_that_count_its_way(browse, ana, ben, chef):
    booking = make_booking(
        chef,
        ana,
        starts_at=noon_utc(9),
        latitude=INCHEON.latitude,
        longitude=INCHEON.longitude,
        travel_minutes=0,
    )
    day = {"date": noon_utc().date().isoformat()}
    times = times_on(browse(ana).get(f"/coocook/bookings/{booking.pk}/reschedule", day))
    assert "05:00" not in times
    assert "06:00" in times


def test_a_visit_that_repeats_takes_its_place_along(browse, ana, chef):
    sent = form_of(every_weeks="1", times="2", **NEAR)
    page = browse(ana).post(f"/coocook/chefs/{chef.pk}/repeat", sent)
    assert [row.reason for row, _why in page.context["rows"]] == ["taken", None]
    assert dict(page.context["typed"])["latitude"] == NEAR["latitude"]
