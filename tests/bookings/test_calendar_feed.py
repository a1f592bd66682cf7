"""Bookings in calendars: the file of one, the feed of all, and the page about it."""

from datetime import timedelta

import icalendar
import pytest

from bookings.models import Booking, CalendarFeed
from bookings.services.deciding import cancel_booking, confirm_booking
from bookings.services.feeds import renew_feed, reseal_feeds
from softfactory.kernel import clock
from softfactory.kernel.sealing import reseal
from tests.bookings.answers import problem
from tests.makers import make_booking, make_chef, noon_utc

pytestmark = pytest.mark.django_db

PAGE = "/coocook/calendar"


@pytest.fixture
def booking(ana, chef):
    """What Ana asked Ben's chef for."""
    return make_booking(chef, ana, special_requests="No peanuts; no, none.")


@pytest.fixture
def feed(ana):
    """The address of Ana's feed."""
    return f"/calendar/{renew_feed(user=ana, now=clock.now()).secret}.ics"


def events(answer):
    """What a calendar finds in an answer, by UID."""
    assert answer.status_code == 200
    assert answer["Content-Type"] == "text/calendar; charset=utf-8"
    found = icalendar.Calendar.from_ical(answer.content).walk("VEVENT")
    return {str(event["UID"]): event for event in found}


def file_of(booking):
    return f"/api/coocook/bookings/{booking.pk}.ics"


def test_one_booking_as_a_file(api, ana, ben, booking):
    [mine] = events(api(ana).get(file_of(booking))).values()
    [theirs] = events(api(ben).get(file_of(booking))).values()

    assert mine["UID"] == theirs["UID"] == f"booking-{booking.pk}@localhost"
    assert mine["STATUS"] == "TENTATIVE"
    assert mine["SUMMARY"] == f"{booking.chef.name} cooks"
    assert theirs["SUMMARY"] == f"Ana, with {booking.chef.name}"
    assert mine["DESCRIPTION"].endswith("\nNo peanuts; no, none.")
    assert mine["LOCATION"] == "Seoul"
    assert mine["DTSTART"].dt == booking.starts_at
    assert mine["DTSTART"].params["TZID"] == "Asia/Seoul"


def test_it_is_in_the_readers_language(api, ana, booking):
    ana.language = "ko"
    ana.save()
    [event] = events(api(ana).get(file_of(booking))).values()

    assert "시간" in event["DESCRIPTION"]


def test_a_change_keeps_the_uid_and_raises_the_sequence(api, ana, ben, booking):
    client = api(ana)
    before = client.get(file_of(booking))
    confirm_booking(booking=booking, by=ben, now=clock.now())
    confirmed = client.get(file_of(booking), HTTP_IF_NONE_MATCH=before["ETag"])
    cancel_booking(booking=Booking.objects.get(), by=ana, now=clock.now())
    cancelled = client.get(file_of(booking))

    steps = [next(iter(events(answer).values())) for answer in (before, confirmed, cancelled)]
    assert [step["STATUS"] for step in steps] == ["TENTATIVE", "CONFIRMED", "CANCELLED"]
    assert [step["SEQUENCE"] for step in steps] == [0, 1, 2]
    assert len({str(step["UID"]) for step in steps}) == 1
    assert steps[0]["LAST-MODIFIED"].dt < steps[2]["LAST-MODIFIED"].dt + timedelta(seconds=1)


def test_it_has_a_tag_of_its_own(api, ana, booking):
    client = api(ana)
    first = client.get(file_of(booking))

    assert first["ETag"].startswith('"')
    assert client.get(file_of(booking), HTTP_IF_NONE_MATCH=first["ETag"]).status_code == 304


def test_a_stranger_has_no_such_file(api, cho, booking):
    assert problem(api(cho).get(file_of(booking))) == (404, "not_found")


def test_a_feed_has_both_sides_of_its_user_and_nobody_elses(client, ana, ben, cho, booking, feed):
    own = make_booking(make_chef(ana), cho, starts_at=noon_utc(9))
    make_booking(make_chef(ben), cho)

    found = events(client.get(feed))
    assert found.keys() == {f"booking-{row.pk}@localhost" for row in (booking, own)}


def test_a_feed_forgets_what_was_called_off_long_ago_and_shows_no_hold(client, ana, chef, feed):
    now = clock.now()
    off = make_booking(chef, ana, status="cancelled")
    old = make_booking(chef, ana, status="declined")
    make_booking(chef, ana, starts_at=noon_utc(3), status="held", expires_at=now)
    make_booking(chef, ana, starts_at=noon_utc(-100), status="completed")
    Booking.objects.filter(pk=old.pk).update_derived(updated_at=now - timedelta(days=31))

    [event] = events(client.get(feed)).values()
    assert event["UID"] == f"booking-{off.pk}@localhost"
    assert (event["STATUS"], event["TRANSP"]) == ("CANCELLED", "TRANSPARENT")


def test_a_feed_that_nothing_changed_is_a_304(client, booking, feed):
    first = client.get(feed)
    assert first["Cache-Control"] == "private, no-store"
    assert client.get(feed, HTTP_IF_NONE_MATCH=first["ETag"]).status_code == 304


def test_a_renewed_or_revoked_address_leads_nowhere(client, browse, ana, feed):
    browser = browse(ana)
    browser.post(PAGE)
    assert client.get(feed).status_code == 404

    [address] = {browser.get(PAGE).context["address"]}
    assert client.get(address).status_code == 200
    browser.post(f"{PAGE}/revoke")
    assert client.get(address).status_code == 404
    assert "No feed yet" in browser.get(PAGE).content.decode()


def test_an_address_of_somebody_who_left_leads_nowhere(client, ana, feed):
    ana.is_active = False
    ana.save()
    assert client.get(feed).status_code == 404


def test_one_user_has_one_feed_whose_secret_is_sealed(ana, feed):
    secret = renew_feed(user=ana, now=clock.now()).secret
    row = CalendarFeed.objects.get()
    assert secret not in (row.sealed_secret, row.digest)

    assert reseal_feeds(reseal) == 1
    assert CalendarFeed.objects.get().secret == secret


def test_the_address_is_not_written_to_the_log(feed):
    from softfactory.kernel.secrets import masked_path

    assert masked_path(feed) == "/calendar/{secret}.ics"
