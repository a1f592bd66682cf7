"""A visit that repeats, and one at a place, with script and without."""

import pytest
from django.test import Client
from playwright.sync_api import expect

from bookings.models import Booking
from tests.bookings.test_travel import INCHEON, SEOUL
from tests.makers import make_booking, make_chef, noon_utc

pytestmark = pytest.mark.django_db(transaction=True)


def test_without_script_all_dates_are_shown_and_those_free_booked(visitors, live_server, ana, chef):
    make_booking(chef, starts_at=noon_utc(14))
    context = visitors(java_script_enabled=False, viewport={"width": 320, "height": 640})
    enter(context, live_server, ana)
    page = context.new_page()
    page.goto(f"/coocook/chefs/{chef.pk}/book?starts_at={noon_utc():%Y-%m-%dT%H:%M}Z")
    page.get_by_text("Repeat this visit").click()
    page.get_by_label("How many visits?").fill("3")
    page.get_by_role("button", name="Show all dates first").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("All dates of this visit")
    expect(page.get_by_text("Somebody else has this time.")).to_be_visible()
    page.get_by_role("button", name="Ask for 2 visits").click()
    expect(page.get_by_text("2 visits are asked for.")).to_be_visible()
    assert Booking.objects.filter(customer=ana, part__isnull=False).count() == 2


def test_the_browser_says_where_the_visit_is(visitors, ben):
    chef = make_chef(
        ben, base_latitude=SEOUL.latitude, base_longitude=SEOUL.longitude, travel_kmh=30
    )
    make_booking(chef)
    where = {"latitude": INCHEON.latitude, "longitude": INCHEON.longitude}
    page = visitors(
        geolocation=where, permissions=["geolocation"], timezone_id="Asia/Seoul"
    ).new_page()
    page.goto(f"/coocook/chefs/{chef.pk}?date={noon_utc():%Y-%m-%d}&duration_hours=2")
    times = page.get_by_role("list", name="Free times")
    expect(times.get_by_text("14:00", exact=True)).to_be_visible()
    page.get_by_text("Where exactly?").click()
    page.get_by_role("button", name="Use my location").click()
    expect(times.get_by_text("14:00", exact=True)).to_be_hidden()
    expect(times.get_by_text("15:00", exact=True)).to_be_visible()
    assert "latitude=37.456&longitude=126.705" in page.url


def enter(context, live_server, user):
    """Sign in, without the form."""
    client = Client()
    client.force_login(user)
    session = client.cookies["sessionid"].value
    context.add_cookies([{"name": "sessionid", "value": session, "url": live_server.url}])
