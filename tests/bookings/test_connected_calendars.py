"""Connected calendars: found, and read, on a CalDAV server that misbehaves on command."""

from datetime import timedelta

import pytest

from bookings.gateways.caldav import Access
from bookings.models import BusyCalendar, ConnectedCalendar
from bookings.services.busy import EVERY, read_due
from bookings.services.connecting import (
    SeveralCalendars,
    reseal_accesses,
)
from bookings.services.writing_calendars import write_due
from softfactory.kernel import clock
from softfactory.kernel.problems import Conflict, DomainError
from softfactory.kernel.sealing import reseal
from tests.bookings.answers import problem
from tests.bookings.connected import blocked, confirmed, connect, event, state, written
from tests.calendar_server import (
    BOMB,
    HOME,
    PASSWORD,
    USERNAME,
    Calendar,
    listing,
    row,
)
from tests.makers import (
    make_busy_calendar,
)
from tests.receivers import DROP, Answer

pytestmark = pytest.mark.django_db


# --- Finding --------------------------------------------------------------------------------


@pytest.mark.parametrize("path", ["/dav/ben/work/", "/dav/ben/", "/dav/", "/"])
def test_a_calendar_is_found_from_wherever_one_begins(calendars, chef, path):
    connected = connect(chef, f"{calendars.url}{path}")
    assert connected.calendar.url == calendars.address
    assert connected.calendar.name == "Work"


def test_of_several_one_is_to_be_chosen_and_none_of_tasks(calendars, chef):
    calendars.calendars["home"] = Calendar("Home & garden")
    with pytest.raises(SeveralCalendars) as caught:
        connect(chef, calendars.url)
    assert [one.name for one in caught.value.found] == ["Work", "Home & garden"]
    assert connect(chef, caught.value.found[1].url).calendar.url == f"{calendars.url}{HOME}home/"


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        (Answer(401), "new app password"),
        (Answer(404), "No calendar is found"),
        (Answer(503), "status 503"),
        (Answer(200, {}, b"<html>"), "status 200"),
        (Answer(207, {}, b"<html"), "as a calendar's server does"),
        (Answer(207, {}, BOMB), "as a calendar's server does"),
        (Answer(207, {}, b"x" * 2_000_001), "more than 2000000 bytes"),
        (Answer(301, {"Location": "https://evil.example/dav/"}), "https://evil.example/dav/"),
        (DROP, "can't be reached"),
    ],
)
def test_what_is_no_calendar_is_said_to_be_so(calendars, chef, answer, said):
    calendars.misbehave("PROPFIND", answer)
    with pytest.raises(DomainError) as caught:
        connect(chef, calendars.address)
    assert said in caught.value.message
    assert not BusyCalendar.objects.exists()


def test_the_password_goes_to_the_named_host_alone(calendars, chef):
    link = "<C:calendar-home-set><href>http://localhost:9/</href></C:calendar-home-set>"
    kind = "<resourcetype><C:calendar/></resourcetype>"
    there = row("http://localhost:9/mine/", kind)
    calendars.misbehave("PROPFIND", listing(row("/", link)))
    with pytest.raises(DomainError, match="Enter that address"):
        connect(chef, calendars.address)
    calendars.misbehave("PROPFIND", listing(row("/", "<displayname>Home</displayname>")))
    calendars.misbehave("PROPFIND", listing(there))
    with pytest.raises(DomainError, match="Enter that address"):
        connect(chef, calendars.address)


def test_refuses_what_may_not_be_called_and_a_sixth(chef, calendars):
    for url in (
        "http://calendar.example/a",
        "https://localhost/a",
        "https://me:pw@calendar.example/",
    ):
        with pytest.raises(DomainError) as caught:
            connect(chef, url)
        assert caught.value.code == "address_refused"
    for number in range(5):
        make_busy_calendar(chef, f"https://calendar.example/{number}")
    with pytest.raises(Conflict):
        connect(chef, calendars.address)


def test_connected_again_it_keeps_its_row_and_takes_the_new_password(calendars, chef, connection):
    ConnectedCalendar.objects.update(problem="It did not.", failures=3)
    again = connect(chef, calendars.address)
    assert again.pk == connection.pk
    assert (state(again).problem, state(again).access["password"]) == ("", PASSWORD)
    assert BusyCalendar.objects.count() == 1


def test_what_opens_it_is_sealed(connection):
    assert PASSWORD not in connection.sealed_access
    assert PASSWORD not in repr(Access("https://a.example/", USERNAME, PASSWORD))
    assert reseal_accesses(reseal) == 1
    assert state(connection).access == {"username": USERNAME, "password": PASSWORD}


# --- Reading --------------------------------------------------------------------------------


def test_its_events_block_and_what_is_free_off_or_ours_does_not(calendars, connection):
    calendars.work.put("a.ics", event())
    calendars.work.put("b.ics", event("TRANSP:TRANSPARENT", uid="b@x", days=8))
    calendars.work.put("c.ics", event("STATUS:CANCELLED", uid="c@x", days=9))
    calendars.work.put("d.ics", event(uid="booking-1@localhost", days=10))
    calendars.work.put("e.ics", event("RRULE:FREQ=WEEKLY;COUNT=3", uid="e@x", days=11))
    assert read_due(clock.now()) == 1
    assert blocked() == 8 + 3 * 8


def test_one_that_nothing_changed_in_costs_one_small_request(calendars, connection):
    now = clock.now()
    calendars.work.put("a.ics", event())
    read_due(now)
    assert read_due(now + EVERY) == 1
    assert [one.method for one in calendars.received] == ["PROPFIND", "REPORT", "PROPFIND"]

    calendars.work.remove("a.ics")
    read_due(now + 2 * EVERY)
    assert blocked() == 0


def test_one_that_tells_no_changes_is_read_each_time(calendars, connection):
    calendars.work.tells_changes = False
    for turn in range(2):
        read_due(clock.now() + turn * EVERY)
    assert len(calendars.asked("REPORT")) == 2


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        (Answer(401), "new app password"),
        (Answer(503, {"Retry-After": "7200"}), "status 503"),
        (Answer(207, {}, BOMB), "as a calendar's server does"),
        (DROP, "can't be reached"),
    ],
)
def test_what_was_known_stays_when_it_can_not_be_read(calendars, connection, answer, said):
    calendars.work.put("a.ics", event())
    read_due(clock.now())
    calendars.work.put("a.ics", event(days=8))
    calendars.misbehave("REPORT", answer)
    now = clock.now() + EVERY
    assert read_due(now) == 0

    calendar = BusyCalendar.objects.get()
    assert said in calendar.problem
    pause = timedelta(hours=2) if answer != DROP and answer.status == 503 else EVERY
    assert calendar.due_at == now + pause
    assert blocked() == 8
    assert read_due(now + pause) == 1


# --- Pages ----------------------------------------------------------------------------------


def test_the_page_connects_and_never_shows_the_password(calendars, browse, ben, cho, chef):
    browser, page = browse(ben), f"/coocook/chefs/{chef.pk}/calendars/connect"
    sent = {"url": calendars.url, "username": USERNAME, "password": "wrong"}
    refused = browser.post(page, sent)
    assert refused.status_code == 422
    assert "new app password" in refused.content.decode()
    calendars.calendars["home"] = Calendar("Home & garden")
    sent["password"] = PASSWORD
    several = browser.post(page, sent)
    assert (several.status_code, PASSWORD in several.content.decode()) == (422, False)
    assert "Home &amp; garden" in several.content.decode()

    done = browser.post(page, sent | {"url": calendars.address})
    assert done.url == f"/coocook/chefs/{chef.pk}/calendars"
    shown = browser.get(done.url).content.decode()
    assert "Work" in shown
    assert PASSWORD not in shown
    [calendar] = BusyCalendar.objects.all()
    again = browser.get(f"{page}?again={calendar.pk}").content.decode()
    assert (calendars.address in again, PASSWORD in again) == (True, False)
    assert browse(cho).get(f"/coocook/calendars/{calendar.pk}/disconnect").status_code == 404
    assert browse(cho).post(page, sent).status_code == 404


def test_the_page_tells_how_it_fares_tries_it_and_disconnects(
    calendars, browse, ben, connection, booking
):
    browser, page = browse(ben), f"/coocook/calendars/{connection.pk}"
    confirmed(booking, ben)
    calendars.misbehave("PUT", Answer(401))
    write_due(clock.now())
    shown = browser.get(f"/coocook/chefs/{booking.chef_id}/calendars").content.decode()
    assert "Bookings could not be written into it" in shown
    assert f"connect?again={connection.pk}" in shown

    tried = browser.post(f"{page}/test", follow=True).content.decode()
    assert "127.0.0.1 answers, and opens the calendar." in tried
    browser.post(f"{page}/read")
    assert write_due(clock.now()) == 1
    assert browser.post(f"{page}/remove").url == f"{page}/disconnect"
    browser.post(f"{page}/disconnect", {"events": "remove"})
    shown = browser.get(f"/coocook/chefs/{booking.chef_id}/calendars").content.decode()
    assert "are being removed" in shown
    write_due(clock.now())
    assert not BusyCalendar.objects.exists()
    assert written(calendars) == []


# --- The API --------------------------------------------------------------------------------


def test_the_api_connects_shows_tries_syncs_and_disconnects(calendars, api, ben, chef):
    client, address = api(ben), f"/api/coocook/chefs/{chef.pk}/connected-calendars"
    body = {"url": calendars.url, "username": USERNAME, "password": "wrong"}
    assert problem(client.post(address, body)) == (422, "connect_refused")
    body["password"] = PASSWORD
    made = client.post(address, body, headers={"Idempotency-Key": "one"})
    again = client.post(address, body, headers={"Idempotency-Key": "one"})
    assert (made.status_code, again.content) == (201, made.content)
    assert PASSWORD not in made.content.decode()
    row = made.json()
    assert (row["name"], row["host"], row["read_at"]) == ("Work", "127.0.0.1", None)
    assert client.get(address).json()["results"] == [row]

    one = f"/api/coocook/connected-calendars/{row['id']}"
    read_due(clock.now())
    assert client.get(one).json()["read_at"]
    assert client.post(f"{one}/test", {}).status_code == 200
    assert client.post(f"{one}/sync", {}).status_code == 200
    assert read_due(clock.now()) == 1
    calendars.misbehave("PROPFIND", Answer(401))
    assert problem(client.post(f"{one}/test", {})) == (422, "calendar_unreachable")
    assert problem(client.delete(f"{one}?events=burn")) == (400, "invalid")
    assert client.delete(f"{one}?events=remove").status_code == 204
    assert not BusyCalendar.objects.exists()


def test_the_api_says_between_which_calendars_to_choose(calendars, api, ben, chef):
    calendars.calendars["home"] = Calendar("Home & garden")
    body = {"url": calendars.url, "username": USERNAME, "password": PASSWORD}
    answer = api(ben).post(f"/api/coocook/chefs/{chef.pk}/connected-calendars", body)
    assert problem(answer) == (422, "several_calendars")
    assert f"Home & garden: {calendars.url}{HOME}home/" in answer.json()["detail"]
    wrong = body | {"username": "b:n"}
    assert (
        api(ben).post(answer.request["PATH_INFO"], wrong).json()["errors"][0]["field"] == "username"
    )
