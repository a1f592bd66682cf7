"""What `@cached_reads` makes of a view: its keys, its tags, how long it holds, what it refuses."""

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.db import connections, transaction
from django.http import HttpResponse
from django.middleware.csrf import get_token
from django.test import Client
from django.urls import path

from bookings.models import Chef
from softfactory.kernel import clock
from softfactory.kernel.db.generations import touch
from softfactory.kernel.http import cached_reads, flights
from tests.makers import make_chef, make_product

pytestmark = [pytest.mark.urls(__name__), pytest.mark.django_db(transaction=True)]


@cached_reads("products")
def count(request):
    """How often it was made, in this process."""
    count.made += 1
    return HttpResponse(f"{count.made} {request.build_absolute_uri()}")


@cached_reads("products", clocked=True)
def minute(request):
    return count.__wrapped__(request)


@cached_reads("products", clocked=True)
def half_hourly(request):
    hour = clock.now().replace(minute=0, second=0, microsecond=0)
    half_past = hour + timedelta(minutes=30)
    clock.note_change(hour + timedelta(hours=1))
    clock.note_change(half_past if clock.now() < half_past else hour + timedelta(hours=1))
    return count.__wrapped__(request)


@cached_reads("products")
def forgets_the_clock(request):
    clock.note_change(clock.now())
    return HttpResponse()


@cached_reads("calendar:{pk}")
def of_one(request, pk):
    return count.__wrapped__(request)


@cached_reads("calendar")
def of_all(request):
    return count.__wrapped__(request)


@cached_reads("products")
def slow(request):
    slow.begun.set()
    assert slow.may_end.wait(30)
    return count.__wrapped__(request)


@cached_reads("products")
def by_language(request):
    response = count.__wrapped__(request)
    response.headers["Vary"] = "Accept-Language"
    return response


@cached_reads("products")
def missing(request):
    return HttpResponse("none", status=404)


@cached_reads("products", strong=True)
def missing_row(request):
    return HttpResponse("none", status=404)


@cached_reads("products")
def reads_session(request):
    return HttpResponse(request.session.get("name", ""))


@cached_reads("products")
def reads_user(request):
    return HttpResponse(str(request.user))


@cached_reads("products")
def has_form(request):
    return HttpResponse(get_token(request))


@cached_reads("products")
def sets_cookie(request):
    response = HttpResponse()
    response.set_cookie("theme", "dark")
    return response


def plain(request):
    return HttpResponse("hello")


SHARED = (count, minute, half_hourly, of_all, slow)
PERSONAL = (reads_session, reads_user, has_form, sets_cookie)
WRONG = (*PERSONAL, forgets_the_clock)
urlpatterns = [
    *(path(view.__name__, view) for view in (*SHARED, *WRONG, by_language, missing, plain)),
    path("of-one/<int:pk>", of_one),
    path("missing-row", missing_row),
]


@pytest.fixture(autouse=True)
def _nothing_made_yet():
    count.made = 0


class TestKeys:
    def test_made_once(self, client):
        assert client.get("/count").content == client.get("/count").content
        assert count.made == 1

    @pytest.mark.parametrize(
        "other",
        [
            {"path": "/count?page=2"},
            {"path": "/count", "headers": {"Host": "127.0.0.1"}},
            {"path": "/count", "secure": True},
            {"path": "/count", "headers": {"HX-Request": "true"}},
            {"path": "/count", "headers": {"Accept-Encoding": "br"}},
        ],
    )
    def test_kept_apart(self, client, other):
        client.get("/count")
        client.get(**other)
        assert count.made == 2
        client.get(**other)
        assert count.made == 2

    def test_whatever_is_said_of_htmx_is_kept_apart(self, client):
        for said in ("true", "yes", "", "true"):
            client.get("/count", headers={"HX-Request": said})
        assert count.made == 3

    def test_what_varies_by_more_than_the_key_is_not_kept(self, client):
        client.get("/by_language")
        client.get("/by_language")
        assert count.made == 2

    def test_spellings_of_one_preference_share_an_entry(self, client):
        for accepted in ("br", "br, gzip", "gzip;q=0.5,br", "BR , deflate"):
            client.get("/count", headers={"Accept-Encoding": accepted})
        assert count.made == 1

    def test_a_part_for_htmx_has_a_tag_of_its_own(self, client):
        page = client.get("/count")
        part = client.get("/count", headers={"HX-Request": "true"})

        assert "HX-Request" in page.headers["Vary"]
        assert page.headers["ETag"] != part.headers["ETag"]

    def test_each_minute_anew(self, client, time_machine):
        time_machine.move_to("2027-03-28T09:00:59Z", tick=False)
        first = client.get("/minute")
        again = client.get("/minute", headers={"If-None-Match": first.headers["ETag"]})
        time_machine.move_to("2027-03-28T09:01:00Z", tick=False)
        later = client.get("/minute", headers={"If-None-Match": first.headers["ETag"]})

        assert (again.status_code, later.status_code) == (304, 200)
        assert count.made == 2

    @pytest.mark.parametrize("headers", [{}, {"HX-Request": "true"}])
    def test_until_the_instant_that_it_names(self, client, time_machine, headers):
        time_machine.move_to("2027-03-28T09:00:59Z", tick=False)
        etag = client.get("/half_hourly", headers=headers).headers["ETag"]
        known = headers | {"If-None-Match": etag}

        time_machine.move_to(datetime(2027, 3, 28, 9, 29, 59, 999_999, tzinfo=UTC), tick=False)
        assert client.get("/half_hourly", headers=headers).headers["ETag"] == etag
        assert client.get("/half_hourly", headers=known).status_code == 304
        assert count.made == 1
        time_machine.move_to("2027-03-28T09:30:00Z", tick=False)
        assert client.get("/half_hourly", headers=headers).text.startswith("2 ")
        assert client.get("/half_hourly", headers=known).status_code == 200

    def test_a_tag_of_another_version_or_part_is_not_known_by_its_instant(
        self, client, time_machine
    ):
        time_machine.move_to("2027-03-28T09:00:59Z", tick=False)
        etag = client.get("/half_hourly").headers["ETag"]

        part = {"If-None-Match": etag, "HX-Request": "true"}
        assert client.get("/half_hourly", headers=part).status_code == 200
        make_product()
        known = {"If-None-Match": etag}
        assert client.get("/half_hourly", headers=known).status_code == 200

    def test_one_of_a_group_follows_its_own_key(self, client):
        chef = make_chef()
        client.get(f"/of-one/{chef.pk}")
        client.get(f"/of-one/{chef.pk + 1}")
        Chef.objects.update(name="All")
        client.get(f"/of-one/{chef.pk}")
        client.get(f"/of-one/{chef.pk}")

        assert count.made == 3

    def test_all_of_a_group_follows_a_write_that_was_narrowed_to_one(self, client):
        chef = make_chef()
        client.get("/of_all")
        with touch("calendar", chef.pk):
            Chef.objects.update(name="One")
        client.get("/of_all")
        client.get("/of_all")

        assert count.made == 2

    def test_one_makes_it_for_all_who_ask_at_once(self, monkeypatch):
        monkeypatch.setattr(flights, "PATIENCE", 60)
        slow.begun, slow.may_end = threading.Event(), threading.Event()

        def ask():
            try:
                return Client().get("/slow").content
            finally:
                connections.close_all()

        with ThreadPoolExecutor(4) as threads:
            asking = [threads.submit(ask) for _racer in range(4)]
            slow.begun.wait(30)
            slow.may_end.set()

        assert len({asked.result() for asked in asking}) == 1
        assert count.made == 1

    def test_names_what_it_follows_so_that_a_cdn_can_forget_it(self, client):
        page = client.get("/count")
        known = client.get("/count", headers={"If-None-Match": page.headers["ETag"]})

        assert page.headers["Cache-Tag"] == known.headers["Cache-Tag"] == "products,products:*"
        assert client.get("/of-one/7").headers["Cache-Tag"] == "calendar,calendar:7"
        assert "Cache-Tag" not in client.get("/plain").headers
        assert "Cache-Tag" not in client.get("/missing").headers

    def test_what_is_not_200_is_made_each_time_and_private(self, client):
        answer = client.get("/missing")

        assert answer.status_code == 404
        assert answer.headers["Cache-Control"] == "private, no-store"

    def test_who_has_anything_at_all_is_not_told_of_what_is_missing(self, client):
        assert client.get("/missing", headers={"If-None-Match": "*"}).status_code == 404
        assert client.get("/count", headers={"If-None-Match": "*"}).status_code == 304

    def test_a_row_that_is_missing_has_no_tag(self, client):
        assert client.get("/missing-row").status_code == 404

    def test_inside_an_uncommitted_write_nothing_is_kept(self, client):
        with transaction.atomic():
            make_product()
            for _time in range(2):
                answer = client.get("/count")
                assert answer.headers["Cache-Control"] == "private, no-store"
        client.get("/count")

        assert count.made == 3


@pytest.mark.parametrize("view", PERSONAL)
@pytest.mark.parametrize("visitor", ["anonymous", "known"])
def test_a_view_that_looks_at_who_asks_is_refused(browse, ana, view, visitor):
    browser = browse(ana if visitor == "known" else None)
    if visitor == "known":
        browser.cookies["csrftoken"] = "x" * 32

    with pytest.raises(ImproperlyConfigured, match="looked at who asks"):
        browser.get(f"/{view.__name__}")


def test_a_view_that_follows_the_clock_and_does_not_say_so_is_refused(client):
    with pytest.raises(ImproperlyConfigured, match="did not follow the clock"):
        client.get("/forgets_the_clock")


def test_everything_else_is_private(client):
    answer = client.get("/plain")

    assert answer.headers["Cache-Control"] == "private, no-store"


def test_a_public_answer_that_takes_a_cookie_away_is_private(client):
    client.cookies["sessionid"] = "short"

    answer = client.get("/count")

    assert answer.cookies["sessionid"].value == ""
    assert answer.headers["Cache-Control"] == "private, no-store"
